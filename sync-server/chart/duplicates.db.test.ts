import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { type SafetyCard, safetyCardIdOf } from "#domain/safety-card/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { merging } from "../testing/merging.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;
let clinician: AtWork;
let nurse: AtWork;
let desk: AtWork;
let asker: TestSession;
let privacy: TestSession;
let merges: ReturnType<typeof merging>;

beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await atWork(practice, "clinician");
  nurse = await atWork(practice, "nurse");
  desk = await atWork(practice, "frontdesk");
  asker = await practice.signIn("frontdesk");
  privacy = await practice.signIn("privacy");
  merges = merging(practice);
});
afterAll(() => practice.close());

type Table = "allergy" | "medication";
interface Stored {
  readonly status: string;
  readonly duplicate_of: string | null;
  readonly last_change: { readonly id: string; readonly by: string };
}
const stored = async (table: Table, id: string): Promise<Stored> =>
  (
    await practice.owner<Stored>(`select status, duplicate_of, last_change from ${table} where id = $1`, [id])
  )[0]!;
const seen = async (table: Table, id: string) => (await stored(table, id)).last_change.id;
const cardOf = async (patientId: string): Promise<Pick<SafetyCard, "allergies" | "medications">> =>
  (
    await practice.owner<SafetyCard>("select allergies, medications from safety_card where id = $1", [
      safetyCardIdOf(patientId),
    ])
  )[0]!;

async function person(): Promise<string> {
  const id = newId();
  const names = { givenName: "Jon", familyName: "Trial-Twice", birthDate: "1960-05-04" };
  expect(await desk.does("patient.register", { id, ...names })).toBe("applied");
  return id;
}

/** A merged person who has one allergy and one medication in each record, the medication in two doses. */
async function mergedPerson() {
  const [merged, kept] = [await person(), await person()];
  const ids = { merged: newId(), kept: newId(), mergedDose: newId(), keptDose: newId() };
  const fact = { encounterId: null };
  await clinician.does("allergy.add", { ...fact, id: ids.merged, patientId: merged, substance: "Latex" });
  await clinician.does("allergy.add", { ...fact, id: ids.kept, patientId: kept, substance: "latex" });
  const metformin = { ...fact, name: "metformin" };
  await clinician.does("medication.add", {
    ...metformin,
    id: ids.mergedDose,
    patientId: merged,
    dose: "500 mg",
  });
  await clinician.does("medication.add", { ...metformin, id: ids.keptDose, patientId: kept, dose: "850 mg" });
  await merges.done(asker, privacy, "merge", merged, kept);
  return { merged, kept, ids };
}

const joins = async (table: Table, id: string, keptId: string, patientId: string) => ({
  id,
  patientId,
  keptId,
  seen: await seen(table, id),
  keptSeen: await seen(table, keptId),
});

describe("C12: duplicates that merging made", () => {
  it("are joined by a clinician: one stays, the other is kept aside and comes back", async () => {
    const { merged, kept, ids } = await mergedPerson();
    expect((await cardOf(kept)).allergies).toMatchObject({ entries: [{}, {}] });
    const join = await joins("allergy", ids.merged, ids.kept, merged);
    expect(await nurse.does("allergy.join", join)).toBe("forbidden");
    expect(await clinician.does("allergy.join", join)).toBe("applied");
    expect(await stored("allergy", ids.merged)).toMatchObject({
      status: "entered-in-error",
      duplicate_of: ids.kept,
    });
    expect(await stored("allergy", ids.kept)).toMatchObject({ status: "active", duplicate_of: null });
    expect((await cardOf(kept)).allergies).toMatchObject({ entries: [{ substance: "latex" }] });
    const undo = { id: ids.merged, patientId: merged };
    expect(await nurse.does("allergy.separate", undo)).toBe("forbidden");
    expect(await clinician.does("allergy.separate", undo)).toBe("applied");
    expect(await stored("allergy", ids.merged)).toMatchObject({ status: "active", duplicate_of: null });
    expect((await cardOf(kept)).allergies).toMatchObject({ entries: [{}, {}] });
    expect(await clinician.does("allergy.separate", undo)).toBe("entry_closed");
  });

  it("keep their doses: the one that was picked stays as it is, the other keeps its own words", async () => {
    const { kept, merged, ids } = await mergedPerson();
    expect(
      await clinician.does("medication.join", await joins("medication", ids.keptDose, ids.mergedDose, kept)),
    ).toBe("applied");
    const doses = await practice.owner(
      "select dose, status from medication where patient_id = any($1) order by dose",
      [[merged, kept]],
    );
    expect(doses).toEqual([
      { dose: "500 mg", status: "active" },
      { dose: "850 mg", status: "entered-in-error" },
    ]);
    expect((await cardOf(kept)).medications).toMatchObject({ entries: [{ dose: "500 mg" }] });
  });

  it("are not joined when one was changed since the clinician looked, nor while a change waits beside it", async () => {
    const { kept, merged, ids } = await mergedPerson();
    const join = await joins("medication", ids.mergedDose, ids.keptDose, merged);
    const dosage = { dose: "1000 mg", route: "by mouth", frequency: "once daily", instructions: "" };
    await nurse.does("medication.changeDose", {
      id: ids.keptDose,
      patientId: kept,
      ...dosage,
      seen: join.keptSeen,
    });
    expect(await clinician.does("medication.join", join)).toBe("entry_changed");
    // A stop that was decided on an older state waits beside the entry: it is decided first.
    await nurse.does("medication.stop", {
      id: ids.mergedDose,
      patientId: merged,
      stoppedOn: "2026-01-05",
      stopReason: "",
      seen: newId(),
    });
    expect(
      await clinician.does(
        "medication.join",
        await joins("medication", ids.mergedDose, ids.keptDose, merged),
      ),
    ).toBe("entry_closed");
  });

  it("never strike each other, and never an entry of another patient", async () => {
    const { merged, kept, ids } = await mergedPerson();
    const [one, other] = [
      await joins("allergy", ids.merged, ids.kept, merged),
      await joins("allergy", ids.kept, ids.merged, kept),
    ];
    const second = await atWork(practice, "clinician2");
    const outcomes = await Promise.all([
      clinician.does("allergy.join", one),
      second.does("allergy.join", other),
    ]);
    expect(outcomes.sort()).toEqual(["applied", "entry_closed"]);
    const stranger = await mergedPerson();
    expect(
      await clinician.does("allergy.join", {
        ...(await joins("allergy", stranger.ids.kept, ids.merged, stranger.kept)),
      }),
    ).toBe("invalid_arguments");
  });

  it("count again where they were written once the records are parted", async () => {
    const { merged, kept, ids } = await mergedPerson();
    await clinician.does("allergy.join", await joins("allergy", ids.merged, ids.kept, merged));
    await merges.done(asker, privacy, "unmerge", merged, kept);
    expect(await stored("allergy", ids.merged)).toMatchObject({ status: "active", duplicate_of: null });
    expect((await cardOf(merged)).allergies).toMatchObject({ entries: [{ substance: "Latex" }] });
    expect((await cardOf(kept)).allergies).toMatchObject({ entries: [{ substance: "latex" }] });
  });
});

it("C07: 'none known' is taken back under the merged record's id too, where it stands", async () => {
  const [merged, kept] = [await person(), await person()];
  await merges.done(asker, privacy, "merge", merged, kept);
  const said = { id: noneKnownIdOf(merged, "allergies"), patientId: merged };
  expect(await clinician.does("none-known.retire", said)).toBe("missing_parent");
  await clinician.does("none-known.assert", { ...said, list: "allergies" });
  expect((await cardOf(kept)).allergies).toMatchObject({ state: "none-known" });
  expect(await clinician.does("none-known.retire", said)).toBe("applied");
  expect((await cardOf(kept)).allergies).toMatchObject({ state: "not-asked" });
  const [audited] = (await practice.audit())
    .filter(({ action }) => action === "none-known.retired")
    .slice(-1);
  expect(audited).toMatchObject({ patientId: kept, namedPatientId: merged });
});

it("C05: vital signs do not move between two records of one person, and the person is told", async () => {
  const { merged, kept } = await mergedPerson();
  const vitals = newId();
  await nurse.does("vitals.record", {
    id: vitals,
    patientId: merged,
    encounterId: null,
    takenAt: "2026-01-01T10:00:00.000Z",
    measurements: [{ code: "8867-4", value: 72, unit: "/min", confirmed: false }],
  });
  for (const patientId of [merged, kept])
    expect(
      await nurse.does("vitals.move", {
        id: vitals,
        patientId,
        encounterId: null,
        reason: "The wrong chart",
      }),
    ).toBe("same_patient");
});
