import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { revisionHash } from "#domain/note/index.ts";
import { type SafetyCard, safetyCardIdOf } from "#domain/safety-card/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { merging } from "../testing/merging.ts";
import { clientRows, serverRows, testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { sealToServer } from "../testing/test-tablet.ts";
import { booking, noteText, people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let desk: TestSession;
let admin: TestSession;
let privacy: TestSession;
let clinician: AtWork;
let deskWork: AtWork;
let merges: ReturnType<typeof merging>;

beforeAll(async () => {
  practice = await openTestPractice();
  desk = await practice.signIn("frontdesk");
  admin = await practice.signIn("admin");
  privacy = await practice.signIn("privacy");
  clinician = await atWork(practice, "clinician");
  deskWork = await atWork(practice, "frontdesk");
  merges = merging(practice);
});
afterAll(() => practice.close());

/** Two records of one person that no other test touches. */
async function twoRecords(): Promise<{ merged: string; kept: string }> {
  const [merged, kept] = [newId(), newId()];
  for (const [id, givenName] of [
    [merged, "Jon"],
    [kept, "John"],
  ] as const)
    expect(
      await deskWork.does("patient.register", {
        id,
        givenName,
        familyName: "Trial-Twice",
        birthDate: "1960-05-04",
        phone: "(212) 555-0142",
      }),
    ).toBe("applied");
  return { merged, kept };
}

const merge = (merged: string, kept: string) => merges.done(desk, privacy, "merge", merged, kept);
const part = (merged: string, kept: string) => merges.done(desk, privacy, "unmerge", merged, kept);
const allergy = (patientId: string, substance: string, encounterId: string | null = null) => ({
  id: newId(),
  patientId,
  encounterId,
  substance,
});
const patientIdOf = async (table: string, id: string) =>
  (await practice.owner<{ patient_id: string }>(`select patient_id from ${table} where id = $1`, [id]))[0]
    ?.patient_id;
const cardOf = async (patientId: string) =>
  (
    await practice.owner<SafetyCard & { stream: string }>(
      "select * from safety_card where stream is not null and patient_id = $1",
      [patientId],
    )
  )[0];
const patientRow = async (id: string) =>
  (
    await practice.owner<{ merged_into: string | null; merge_pending: unknown }>(
      "select merged_into, merge_pending from patient where id = $1",
      [id],
    )
  )[0]!;

describe("C07: a merge links, and rewrites nothing", () => {
  it("points the merged record to the survivor and leaves every row where it was written", async () => {
    const { merged, kept } = await twoRecords();
    const added = allergy(merged, "Latex");
    await clinician.does("allergy.add", added);
    const before = await practice.owner("select * from allergy where id = $1", [added.id]);
    await merge(merged, kept);
    expect(await practice.owner("select * from allergy where id = $1", [added.id])).toEqual(before);
    expect(await patientRow(merged)).toEqual({ merged_into: kept, merge_pending: null });
    expect(await patientRow(kept)).toEqual({ merged_into: null, merge_pending: null });
    const records = (await practice.audit()).filter(({ action }) => action === "patient.merged");
    expect(records.slice(-2).map(({ patientId, namedPatientId }) => [patientId, namedPatientId])).toEqual([
      [kept, merged],
      [merged, kept],
    ]);
  });

  it("brings the chart of both records to a tablet that opens either", async () => {
    const { merged, kept } = await twoRecords();
    await clinician.does("allergy.add", allergy(merged, "Latex"));
    await clinician.does("allergy.add", allergy(kept, "Peanut"));
    await merge(merged, kept);
    for (const opened of [merged, kept]) {
      const tablet = testClient(practice, await practice.signIn("clinician"));
      tablet.want.push(streams.chart(opened));
      await tablet.pull();
      expect([...tablet.streams.keys()].filter((name) => name.startsWith("chart:"))).toEqual(
        expect.arrayContaining([streams.chart(merged), streams.chart(kept)]),
      );
      expect(clientRows(tablet)).toEqual(await serverRows(practice, tablet.streams.keys()));
    }
  });

  it("unites the safety cards; an allergen outweighs 'none known' of the other record (C02, C03)", async () => {
    const { merged, kept } = await twoRecords();
    const none = noneKnownIdOf(kept, "allergies");
    await clinician.does("none-known.assert", { id: none, patientId: kept, list: "allergies" });
    await clinician.does("allergy.add", allergy(merged, "Latex"));
    await clinician.does("medication.add", {
      id: newId(),
      patientId: kept,
      encounterId: null,
      name: "warfarin",
    });
    const tablet = testClient(practice, await practice.signIn("clinician2"));
    await tablet.pull();
    const key = (patientId: string) => `${streams.safety}/${safetyCardIdOf(patientId)}`;
    expect(tablet.published.get(key(kept))?.data).toMatchObject({ allergies: { state: "none-known" } });
    await merge(merged, kept);
    await tablet.pull();
    expect(tablet.published.get(key(kept))?.data).toMatchObject({
      allergies: { state: "listed", entries: [{ substance: "Latex" }] },
      medications: { entries: [{ name: "warfarin" }] },
    });
    expect(tablet.published.has(key(merged))).toBe(false);
    // "None known" of the whole person cannot be said while the other record holds an entry.
    expect(await clinician.does("none-known.assert", { id: none, patientId: kept, list: "allergies" })).toBe(
      "already_exists",
    );
  });
});

describe("C07: what names the merged record lands on the survivor", () => {
  it("facts, appointments, tasks and demographics; the audit says which record was named", async () => {
    const { merged, kept } = await twoRecords();
    await merge(merged, kept);
    const fact = allergy(merged, "Penicillins");
    expect(await clinician.does("allergy.add", fact)).toBe("applied");
    expect(await patientIdOf("allergy", fact.id)).toBe(kept);
    expect(await cardOf(kept)).toMatchObject({ allergies: { entries: [{ substance: "Penicillins" }] } });
    expect(await cardOf(merged)).toBeUndefined();
    const [record] = (await practice.audit()).filter(({ resource }) => resource?.id === fact.id);
    expect(record).toMatchObject({ patientId: kept, namedPatientId: merged, action: "allergy.added" });

    const visit = booking({ patientId: merged });
    expect(await deskWork.does("appointment.book", visit)).toBe("applied");
    expect(await patientIdOf("appointment", visit.id)).toBe(kept);
    const none = noneKnownIdOf(merged, "problems");
    expect(await clinician.does("none-known.assert", { id: none, patientId: merged, list: "problems" })).toBe(
      "applied",
    );
    expect(await patientIdOf("none_known", noneKnownIdOf(kept, "problems"))).toBe(kept);

    expect(await deskWork.does("patient.update", { id: merged, phone: "(212) 555-0199" })).toBe("applied");
    expect(await deskWork.does("patient.update", { id: merged, familyName: "Other" })).toBe("patient_merged");
    expect(
      await practice.owner("select phone, family_name from patient where id = any($1) order by phone", [
        [merged, kept],
      ]),
    ).toEqual([
      { phone: "(212) 555-0142", family_name: "Trial-Twice" },
      { phone: "(212) 555-0199", family_name: "Trial-Twice" },
    ]);
  });

  it("who looked at one record looked at the person; no officer without patients learns a name", async () => {
    const { merged, kept } = await twoRecords();
    await clinician.does("allergy.add", allergy(merged, "Latex"));
    await merge(merged, kept);
    await clinician.does("allergy.add", allergy(merged, "Peanut"));
    const actions = async (patientId: string) => {
      const path = `/api/audit?patient=${patientId}&action=allergy.added`;
      const { body } = await practice.request<{ records: { patientId: string }[] }>(privacy, "GET", path);
      return body.records.map((record) => record.patientId);
    };
    expect(await actions(kept)).toEqual([kept, merged]);
    expect(await actions(merged)).toEqual([kept, merged]);
    const security = await practice.signIn("security");
    const { text } = await practice.request(
      security,
      "GET",
      "/api/audit?action=allergy.added,patient.merged",
    );
    expect(text).toContain("patient.merged");
    expect([merged, kept].filter((id) => text.includes(id))).toEqual([]);
  });

  it("an entry of the merged record is changed where it stands, whichever record the tablet names", async () => {
    const { merged, kept } = await twoRecords();
    const [first, second] = [allergy(merged, "Latex"), allergy(merged, "Peanut")];
    for (const one of [first, second]) await clinician.does("allergy.add", one);
    await merge(merged, kept);
    for (const [{ id }, named] of [
      [first, merged],
      [second, kept],
    ] as const)
      expect(
        await clinician.does("allergy.enterInError", { id, patientId: named, statusReason: "slip" }),
      ).toBe("applied");
    expect(await patientIdOf("allergy", second.id)).toBe(merged);
    expect(await cardOf(kept)).toMatchObject({ allergies: { state: "not-asked" } });
    // Another person's entry is still another person's.
    const stranger = allergy(people.patient(8), "Egg");
    await clinician.does("allergy.add", stranger);
    expect(
      await clinician.does("allergy.enterInError", {
        id: stranger.id,
        patientId: kept,
        statusReason: "slip",
      }),
    ).toBe("invalid_arguments");
  });

  it("a draft of the merged record goes on, and is sealed as it was seen", async () => {
    const { merged, kept } = await twoRecords();
    const session = await practice.signIn("clinician");
    const visit = await startVisit(practice, session, 1, merged);
    const draft = (text: string, base: string | null) => ({
      id: visit.noteId,
      encounterId: visit.encounterId,
      patientId: merged,
      revisionId: newId(),
      base,
      content: noteText(text),
      changed: ["subjective" as const],
    });
    const first = draft("before", null);
    expect(await clinician.does("note.revise", first)).toBe("applied");
    await merge(merged, kept);
    const second = draft("before, and after", first.revisionId);
    expect(await clinician.does("note.revise", second)).toBe("applied");
    const hash = revisionHash(visit.noteId, second.content);
    expect(
      await clinician.does("note.sign", { id: visit.noteId, revisionId: second.revisionId, hash } as never),
    ).toBe("applied");
    const [note] = await practice.owner<{ status: string; content: unknown; signature: { hash: string } }>(
      "select status, content, signature from note where id = $1",
      [visit.noteId],
    );
    expect(note).toMatchObject({ status: "signed", content: second.content, signature: { hash } });
    // A fact of that visit, and a visit that another tablet started before it heard of the merge.
    const fact = allergy(merged, "Latex", visit.encounterId);
    expect(await clinician.does("allergy.add", fact)).toBe("applied");
    expect(await patientIdOf("allergy", fact.id)).toBe(kept);
    const recording = {
      id: newId(),
      encounterId: visit.encounterId,
      patientId: merged,
      consent: { by: "patient" as const, at: instantNow() },
      sealedKey: await sealToServer(session, randomBytes(32)),
    };
    expect(await clinician.does("recording.begin", recording)).toBe("applied");
    // It stands beside its visit, which goes back with its record should the two ever be parted.
    expect(await patientIdOf("recording", recording.id)).toBe(merged);
    const addendum = { id: newId(), noteId: visit.noteId, patientId: kept, text: "and one more thing" };
    expect(await clinician.does("addendum.write", addendum)).toBe("applied");
    expect(await patientIdOf("addendum", addendum.id)).toBe(await patientIdOf("note", visit.noteId));
  });
});

describe("C16: a care team of a person with several records", () => {
  it("takes somebody in whichever record was restricted, and lets somebody go", async () => {
    const { merged, kept } = await twoRecords();
    const restrict = (patientId: string, ...others: string[]) =>
      clinician.does("care-team.restrict", {
        id: careTeamIdOf(patientId),
        patientId,
        memberIds: [people.clinician, ...others],
      });
    const opens = async (who: AtWork) => who.does("patient.openChart", { id: kept });
    const colleague = await atWork(practice, "clinician2");
    expect(await restrict(merged)).toBe("applied");
    await merges.done(desk, privacy, "merge", merged, kept);
    expect(await opens(colleague)).toBe("chart_restricted");
    expect(await restrict(kept, people.clinician2)).toBe("applied");
    expect(await opens(colleague)).toBe("applied");
    expect(await restrict(kept)).toBe("applied");
    expect(await opens(colleague)).toBe("chart_restricted");
  });
});

describe("C07: unmerge", () => {
  it("leaves a draft that was begun while they were one with its visit, and it goes on", async () => {
    const { merged, kept } = await twoRecords();
    const visit = await startVisit(practice, await practice.signIn("clinician"), 1, merged);
    await merge(merged, kept);
    const draft = (patientId: string, base: string | null) => ({
      id: visit.noteId,
      encounterId: visit.encounterId,
      patientId,
      revisionId: newId(),
      base,
      content: noteText("said"),
      changed: ["subjective" as const],
    });
    const first = draft(merged, null);
    expect(await clinician.does("note.revise", first)).toBe("applied");
    await part(merged, kept);
    expect(await clinician.does("note.revise", draft(merged, first.revisionId))).toBe("applied");
    expect(await patientIdOf("note", visit.noteId)).toBe(merged);
  });

  it("leaves a recording that was begun while they were one with its visit", async () => {
    const { merged, kept } = await twoRecords();
    const session = await practice.signIn("clinician");
    const { encounterId } = await startVisit(practice, session, 1, merged);
    await merge(merged, kept);
    const id = newId();
    const consent = { by: "patient" as const, at: instantNow() };
    const sealedKey = await sealToServer(session, randomBytes(32));
    const begun = { id, encounterId, patientId: kept, consent, sealedKey };
    expect(await clinician.does("recording.begin", begun)).toBe("applied");
    await part(merged, kept);
    expect(await patientIdOf("recording", id)).toBe(merged);
  });

  it("clears the link, gives the card back, and says where later data went", async () => {
    const { merged, kept } = await twoRecords();
    const [early, late] = [allergy(merged, "Latex"), allergy(merged, "Peanut")];
    await clinician.does("allergy.add", early);
    await merge(merged, kept);
    await clinician.does("allergy.add", late);
    await deskWork.does("appointment.book", booking({ patientId: merged }));
    const { counts } = await part(merged, kept);
    expect(counts).toMatchObject({
      atMerge: { merged: { chart: 1, appointments: 0 }, kept: { chart: 0, appointments: 0 } },
      now: { merged: { chart: 1, appointments: 0 }, kept: { chart: 1, appointments: 1 } },
    });
    expect(await patientRow(merged)).toEqual({ merged_into: null, merge_pending: null });
    expect(await cardOf(merged)).toMatchObject({ allergies: { entries: [{ substance: "Latex" }] } });
    expect(await cardOf(kept)).toMatchObject({ allergies: { entries: [{ substance: "Peanut" }] } });
    const after = allergy(merged, "Egg");
    await clinician.does("allergy.add", after);
    expect(await patientIdOf("allergy", after.id)).toBe(merged);
    expect((await merges.ask(desk, "unmerge", merged, kept)).body.code).toBe("patient_not_merged");
    await merge(merged, kept); // and again
    expect((await patientRow(merged)).merged_into).toBe(kept);
  });

  it("is void when more was written than the approver saw", async () => {
    const { merged, kept } = await twoRecords();
    await merge(merged, kept);
    const { body: asked } = await merges.ask(desk, "unmerge", merged, kept);
    await merges.decide(admin, asked);
    await clinician.does("allergy.add", allergy(merged, "Latex"));
    expect((await merges.execute(desk, asked)).body.code).toBe("approval_changed");
    expect((await patientRow(merged)).merged_into).toBe(kept);
  });
});

describe("what may not be merged", () => {
  it("a record with itself, one merged already, or one that does not exist", async () => {
    const { merged, kept } = await twoRecords();
    expect((await merges.ask(desk, "merge", kept, kept)).body.code).toBe("same_patient");
    expect((await merges.ask(desk, "merge", kept, newId())).body.code).toBe("not_found");
    await merge(merged, kept);
    expect((await merges.ask(desk, "merge", merged, people.patient(9))).body.code).toBe("patient_merged");
    expect((await merges.ask(desk, "merge", people.patient(9), merged)).body.code).toBe("patient_merged");
    expect((await merges.ask(desk, "merge", kept, merged)).body.code).toBe("patient_merged"); // a ring
  });

  it("a survivor may be merged on: links are followed to their end, and parting one keeps the other", async () => {
    const { merged: a, kept: b } = await twoRecords();
    const { kept: c } = await twoRecords();
    await clinician.does("allergy.add", allergy(a, "Latex"));
    await merge(a, b);
    await merge(b, c);
    const fact = allergy(a, "Peanut");
    await clinician.does("allergy.add", fact);
    expect(await patientIdOf("allergy", fact.id)).toBe(c);
    expect(await cardOf(c)).toMatchObject({
      allergies: { entries: [{ substance: "Latex" }, { substance: "Peanut" }] },
    });
    expect([await cardOf(a), await cardOf(b)]).toEqual([undefined, undefined]);
    await part(b, c);
    expect(await cardOf(b)).toMatchObject({ allergies: { entries: [{ substance: "Latex" }] } });
    expect(await cardOf(a)).toBeUndefined();
    expect(await patientRow(a)).toMatchObject({ merged_into: b });
  });
});
