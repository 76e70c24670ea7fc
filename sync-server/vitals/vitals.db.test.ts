import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let nurse: AtWork;
beforeAll(async () => {
  practice = await openTestPractice();
  nurse = await atWork(practice, "nurse");
});
afterAll(() => practice.close());

const adult = people.patient(0);
const pulse = "8867-4";
const value = (code: string, number: number, unit: string, confirmed = false) => ({
  code,
  value: number,
  unit,
  confirmed,
});
const record = (
  measurements: ReturnType<typeof value>[],
  { patientId = adult, takenAt = "2026-06-01T14:00:00.000Z" } = {},
) => nurse.result("vitals.record", { id: newId(), patientId, encounterId: null, takenAt, measurements });
const outcome = async (...args: Parameters<typeof record>) => {
  const { code, status } = await record(...args);
  return code ?? status;
};
const stored = async (id: string) =>
  (
    await practice.owner<Pick<Vitals, "status" | "moves"> & { patient_id: string; stream: string }>(
      "select * from vitals where id = $1",
      [id],
    )
  )[0]!;

describe("C15: vital signs at the clinic", () => {
  it("takes values in canonical units and refuses any other unit", async () => {
    expect(
      await outcome([value(pulse, 72, "/min"), value("8310-5", 36.8, "Cel"), value("29463-7", 70.3, "kg")]),
    ).toBe("applied");
    expect(await outcome([value("8310-5", 98.6, "[degF]")])).toBe("invalid_arguments");
    expect(await outcome([value("29463-7", 155, "[lb_av]")])).toBe("invalid_arguments");
    expect(await outcome([value("0000-0", 1, "kg")])).toBe("invalid_arguments");
  });

  it("refuses what is impossible, however often it was confirmed, and names the value", async () => {
    const answer = await record([value(pulse, 72, "/min"), value("8310-5", 98.6, "Cel", true)]);
    expect(answer).toMatchObject({
      code: "invalid_arguments",
      detail: { field: "measurements.8310-5", problem: "impossible" },
    });
    expect(await practice.owner("select 1 from vitals where measurements::text like '%98.6%'")).toEqual([]);
  });

  it("asks for a second look at what is implausible, and takes it once confirmed", async () => {
    const answer = await record([value(pulse, 210, "/min"), value("59408-5", 60, "%")]);
    expect(answer).toMatchObject({
      status: "rejected",
      code: "value_not_confirmed",
      detail: { codes: [pulse, "59408-5"] },
    });
    expect(await outcome([value(pulse, 210, "/min", true), value("59408-5", 60, "%", true)])).toBe("applied");
  });

  it("refuses swapped blood pressures, a code twice and a computed value", async () => {
    expect(await outcome([value("8480-6", 80, "mm[Hg]"), value("8462-4", 120, "mm[Hg]")])).toBe(
      "invalid_arguments",
    );
    expect(await outcome([value("8480-6", 120, "mm[Hg]"), value("8462-4", 80, "mm[Hg]")])).toBe("applied");
    expect(await outcome([value(pulse, 72, "/min"), value(pulse, 74, "/min")])).toBe("invalid_arguments");
    expect(await outcome([value("39156-5", 24, "kg/m2")])).toBe("invalid_arguments");
  });

  it("judges by the age the patient had when it was taken, also years ago", async () => {
    const desk = await atWork(practice, "frontdesk");
    const child = newId();
    expect(
      await desk.does("patient.register", {
        id: child,
        givenName: "Newborn",
        familyName: "Trial-Child",
        birthDate: "2020-05-20",
      }),
    ).toBe("applied");
    const at = (takenAt: string) => ({ patientId: child, takenAt });
    // 3.4 kg is a newborn's weight and not a six-year-old's; a pulse of 48 is an adult's and not a newborn's.
    expect(await outcome([value("29463-7", 3.4, "kg")], at("2020-05-25T14:00:00.000Z"))).toBe("applied");
    expect(await outcome([value("29463-7", 3.4, "kg")], at("2026-06-01T14:00:00.000Z"))).toBe(
      "invalid_arguments",
    );
    expect(await outcome([value(pulse, 48, "/min")], at("2020-05-25T14:00:00.000Z"))).toBe(
      "value_not_confirmed",
    );
    expect(await outcome([value(pulse, 48, "/min")])).toBe("applied");
    expect(await outcome([value(pulse, 120, "/min")], at("2020-05-01T14:00:00.000Z"))).toBe(
      "invalid_arguments",
    );
  });
});

describe("C05: vital signs on the wrong patient", () => {
  const reason = "Taken of the other patient in room 2";

  it("go to the right chart with a trail, and leave the wrong one", async () => {
    const clinician = await atWork(practice, "clinician");
    const visit = await startVisit(practice, await practice.signIn("clinician"), 1, people.patient(2));
    const id = newId();
    const args = { id, patientId: adult, encounterId: null, takenAt: "2026-06-01T14:00:00.000Z" };
    await nurse.does("vitals.record", { ...args, measurements: [value(pulse, 72, "/min")] });
    const to = { id, patientId: people.patient(2), encounterId: visit.encounterId, reason };
    expect(await clinician.does("vitals.move", { ...to, patientId: people.patient(3) })).toBe(
      "invalid_arguments",
    );
    expect(await clinician.does("vitals.move", to)).toBe("applied");
    const moved = await stored(id);
    expect(moved.stream).toBe(`chart:${people.patient(2)}`);
    expect(moved.moves).toMatchObject([
      { fromPatientId: adult, toPatientId: people.patient(2), by: people.clinician, reason },
    ]);
    const kept = await practice.owner(
      "select patient_id from row_history where collection = 'vitals' and record_id = $1",
      [id],
    );
    expect(kept).toEqual([{ patient_id: adult }]);
  });

  it("are not moved once they were entered in error, and never out of or into a chart that is closed to the mover", async () => {
    const [outsider, insider] = [await atWork(practice, "clinician2"), await atWork(practice, "clinician")];
    const closed = people.patient(9);
    expect(
      await insider.does("care-team.restrict", {
        id: careTeamIdOf(closed),
        patientId: closed,
        memberIds: [people.clinician],
      }),
    ).toBe("applied");
    const taken = { encounterId: null, takenAt: "2026-06-01T14:00:00.000Z" };
    const measurements = [value(pulse, 72, "/min")];
    const [inside, outside, wrong] = [newId(), newId(), newId()];
    await insider.does("vitals.record", { ...taken, id: inside, patientId: closed, measurements });
    await insider.does("vitals.record", { ...taken, id: outside, patientId: adult, measurements });
    await insider.does("vitals.record", { ...taken, id: wrong, patientId: adult, measurements });
    const move = (id: string, patientId: string) => ({ id, patientId, encounterId: null, reason });
    expect(await outsider.does("vitals.move", move(inside, adult))).toBe("chart_restricted");
    expect(await outsider.does("vitals.move", move(outside, closed))).toBe("chart_restricted");
    await insider.does("vitals.enterInError", { id: wrong, patientId: adult, statusReason: "wrong cuff" });
    expect(await insider.does("vitals.move", move(wrong, people.patient(4)))).toBe("entry_closed");
    expect(await stored(wrong)).toMatchObject({ status: "entered-in-error", patient_id: adult });
  });
});
