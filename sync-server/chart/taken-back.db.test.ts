import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

/** Ends and stops that are taken back: a new change each time, under the same rules as the first. */
let practice: TestPractice;
let clinician: AtWork;
let nurse: AtWork;
const patientId = people.patient(9);
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());
beforeEach(async () => {
  clinician = await atWork(practice, "clinician");
  nurse = await atWork(practice, "nurse");
});

const entry = () => ({ id: newId(), patientId, encounterId: null });
const rowOf = async (table: string, id: string) =>
  (
    await practice.owner<Record<string, unknown> & { last_change: { id: string; by: string } }>(
      `select * from ${table} where id = $1`,
      [id],
    )
  )[0]!;
const seenOf = async (table: string, id: string) => (await rowOf(table, id)).last_change.id;
const kept = async (id: string) =>
  (
    await practice.owner<{ data: Record<string, unknown> }>(
      "select data from row_history where record_id = $1 order by version",
      [id],
    )
  ).map(({ data }) => data.status ?? data.active);

it("a stop is taken back by a further change; the stop stays in the history", async () => {
  const medication = { ...entry(), name: "lisinopril" };
  const on = { id: medication.id, patientId };
  await clinician.does("medication.add", medication);
  const stop = { ...on, stoppedOn: "2026-01-05", stopReason: "cough" };
  await clinician.does("medication.stop", { ...stop, seen: await seenOf("medication", on.id) });
  expect(await clinician.does("medication.resume", on)).toBe("applied");
  expect(await rowOf("medication", on.id)).toMatchObject({
    status: "active",
    stopped_on: null,
    stop_reason: "",
    verification: "confirmed",
  });
  expect(await kept(on.id)).toEqual(["active", "stopped"]);
  expect(await clinician.does("medication.resume", on)).toBe("entry_closed");
});

it("C10: a nurse takes back her own stop, and only reports that somebody else's does not hold", async () => {
  const medication = { ...entry(), name: "metformin" };
  const on = { id: medication.id, patientId };
  await clinician.does("medication.add", medication);
  const stop = { ...on, stoppedOn: "2026-01-05", stopReason: "" };
  await nurse.does("medication.stop", { ...stop, seen: await seenOf("medication", on.id) });
  expect(await nurse.does("medication.resume", on)).toBe("applied");
  expect(await rowOf("medication", on.id)).toMatchObject({ status: "active", verification: "confirmed" });
  await clinician.does("medication.stop", { ...stop, seen: await seenOf("medication", on.id) });
  expect(await nurse.does("medication.resume", on)).toBe("applied");
  expect(await rowOf("medication", on.id)).toMatchObject({ status: "active", verification: "reported" });
});

it("C12: taking a stop back takes one's own waiting stop back, never a colleague's", async () => {
  const medication = { ...entry(), name: "amlodipine" };
  const on = { id: medication.id, patientId };
  await clinician.does("medication.add", medication);
  const stop = { ...on, stoppedOn: "2026-01-05", stopReason: "", seen: newId() };
  await nurse.does("medication.stop", stop);
  await clinician.does("medication.stop", stop);
  expect(await clinician.does("medication.resume", on)).toBe("applied");
  expect(await rowOf("medication", on.id)).toMatchObject({
    status: "active",
    pending: [{ by: people.nurse }],
  });
});

it("C12: only a clinician puts an allergy back, and 'no known allergies' is retired by it (C02)", async () => {
  const allergy = { ...entry(), substance: "Latex" };
  const on = { id: allergy.id, patientId };
  await clinician.does("allergy.add", allergy);
  const reason = { statusReason: "test was negative", seen: await seenOf("allergy", on.id) };
  await clinician.does("allergy.refute", { ...on, ...reason });
  const none = noneKnownIdOf(patientId, "allergies");
  await clinician.does("none-known.assert", { id: none, patientId, list: "allergies" });
  expect((await rowOf("none_known", none)).retired_at).toBeNull();
  expect(await nurse.does("allergy.reinstate", on)).toBe("forbidden");
  expect(await clinician.does("allergy.reinstate", on)).toBe("applied");
  expect(await rowOf("allergy", on.id)).toMatchObject({ status: "active", status_reason: "" });
  expect((await rowOf("none_known", none)).retired_at).not.toBeNull();
});

it("C12: an allergy that is off the list keeps its reason, and says so to whoever gives another", async () => {
  const allergy = { ...entry(), substance: "Latex" };
  const on = { id: allergy.id, patientId };
  await clinician.does("allergy.add", allergy);
  const gone = { ...on, statusReason: "outgrown", seen: await seenOf("allergy", on.id) };
  expect(await clinician.does("allergy.end", gone)).toBe("applied");
  const before = await rowOf("allergy", on.id);
  const again = { ...on, statusReason: "test was negative", seen: await seenOf("allergy", on.id) };
  expect(await clinician.does("allergy.refute", again)).toBe("entry_closed");
  expect(await clinician.does("allergy.end", again)).toBe("entry_closed");
  expect(await rowOf("allergy", on.id)).toEqual(before);
});

it("an alert holds again, on the safety card as well (C03)", async () => {
  const alert = { ...entry(), kind: "safety" as const, text: "Falls" };
  const on = { id: alert.id, patientId };
  const onCard = async () =>
    JSON.stringify(
      (await practice.owner("select alerts from safety_card where patient_id = $1", [patientId]))[0],
    );
  await nurse.does("alert.add", alert);
  await nurse.does("alert.end", on);
  expect(await onCard()).not.toContain("Falls");
  expect(await nurse.does("alert.resume", on)).toBe("applied");
  expect(await onCard()).toContain("Falls");
  expect(await kept(on.id)).toEqual([true, false]);
  expect(await nurse.does("alert.resume", on)).toBe("entry_closed");
});
