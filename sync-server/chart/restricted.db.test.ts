import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { revisionHash } from "#domain/note/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { noteText, people, startVisit, type TestVisit } from "../testing/visit.ts";

let practice: TestPractice;
let insider: AtWork;
let outsider: AtWork;
let visit: TestVisit;
/** Comes today, so that the outsider's tablet holds the chart before it is restricted. */
const patientId = people.patient(0);
const planted = "PLANTED-CHART-WORD";
const restriction = { id: careTeamIdOf(patientId), patientId };

beforeAll(async () => {
  practice = await openTestPractice();
  insider = await atWork(practice, "clinician");
  outsider = await atWork(practice, "clinician2");
  visit = await startVisit(practice, await practice.signIn("clinician2"), 1, patientId);
  await insider.does("allergy.add", { id: newId(), patientId, encounterId: null, substance: planted });
});
afterAll(() => practice.close());

const draft = (text: string, base: string | null = null) => ({
  id: visit.noteId,
  encounterId: visit.encounterId,
  patientId,
  revisionId: newId(),
  base,
  content: noteText(text),
  changed: ["subjective" as const],
});

describe("C16: a restricted chart", () => {
  it("leaves the tablets of everybody outside the care team, with its safety card", async () => {
    const tablet = testClient(practice, outsider.session);
    tablet.want.push(streams.chart(patientId));
    await tablet.pull();
    expect(tablet.streams.has(streams.chart(patientId))).toBe(true);
    expect(await insider.does("care-team.restrict", { ...restriction, memberIds: [people.clinician] })).toBe(
      "applied",
    );
    await tablet.pull();
    expect(tablet.streams.has(streams.chart(patientId))).toBe(false);
    expect(JSON.stringify([...tablet.published.values()])).not.toContain(planted);
    const another = testClient(practice, await practice.signIn("nurse"));
    another.want.push(streams.chart(patientId));
    await another.pull();
    expect(another.streams.has(streams.chart(patientId))).toBe(false);
    expect(another.wire.join("")).not.toContain(planted);
  });

  it("stays open to the care team, nurses among them", async () => {
    expect(
      await insider.does("care-team.restrict", {
        ...restriction,
        memberIds: [people.clinician, people.nurse],
      }),
    ).toBe("applied");
    const nurse = testClient(practice, await practice.signIn("nurse"));
    nurse.want.push(streams.chart(patientId));
    await nurse.pull();
    expect(nurse.wire.join("")).toContain(planted);
  });

  it("refuses every clinical write of somebody outside, leaves a record of each, and changes nothing", async () => {
    const fact = { id: newId(), patientId, encounterId: null };
    const existing = (
      await practice.owner<{ id: string; last_change: { id: string } }>(
        "select id, last_change from allergy where patient_id = $1",
        [patientId],
      )
    )[0]!;
    const on = { id: existing.id, patientId };
    const before = await practice.head();
    const tries = [
      await outsider.does("problem.add", { ...fact, title: "x" }),
      await outsider.does("allergy.add", { ...fact, substance: "x" }),
      await outsider.does("allergy.enterInError", { ...on, statusReason: "none of my business" }),
      await outsider.does("medication.add", { ...fact, name: "x" }),
      await outsider.does("immunization.add", {
        ...fact,
        vaccine: "x",
        givenOn: "2026-01-01",
        source: "told",
      }),
      await outsider.does("alert.add", { ...fact, kind: "safety", text: "x" }),
      await outsider.does("vitals.record", {
        ...fact,
        takenAt: "2026-01-01T10:00:00.000Z",
        measurements: [{ code: "8867-4", value: 72, unit: "/min", confirmed: false }],
      }),
      await outsider.does("none-known.assert", {
        id: noneKnownIdOf(patientId, "medications"),
        patientId,
        list: "medications",
      }),
      await outsider.does("care-team.restrict", { ...restriction, memberIds: [people.clinician2] }),
    ];
    expect(tries).toEqual(Array(9).fill("chart_restricted"));
    const records = await practice.audit(before);
    expect(records.map(({ outcome, reason, patientId: of }) => [outcome, reason, of])).toEqual(
      Array(9).fill(["denied", "chart_restricted", patientId]),
    );
    for (const table of ["problem", "medication", "immunization", "alert", "vitals", "none_known"])
      expect(await practice.owner(`select 1 from ${table} where patient_id = $1`, [patientId])).toEqual([]);
    const [allergy] = await practice.owner("select status from allergy where id = $1", [existing.id]);
    expect(allergy).toEqual({ status: "active" });
  });

  it("refuses the draft that somebody outside was writing, with a reason that stays, and their signature", async () => {
    const words = draft("Words of a visit that was under way");
    const answer = await outsider.result("note.revise", words);
    expect(answer).toMatchObject({ status: "rejected", code: "chart_restricted" });
    expect(
      await outsider.does("note.sign", {
        id: visit.noteId,
        revisionId: words.revisionId,
        hash: revisionHash(visit.noteId, words.content),
      }),
    ).not.toBe("applied");
    expect(await practice.owner("select 1 from note where id = $1", [visit.noteId])).toEqual([]);
    // The tablet asks again after a lost reply: the same answer, so that the words stay visible with their reason.
    const tablet = testClient(practice, outsider.session);
    await tablet.pull();
    expect([...tablet.results.values()].at(-2)).toMatchObject({ code: "chart_restricted" });
  });

  it("cannot be set by a slip that locks out the one who sets it, nor by a nurse, nor lifted at all", async () => {
    const [other, nurse] = [people.patient(12), await atWork(practice, "nurse")];
    const args = { id: careTeamIdOf(other), patientId: other };
    expect(await insider.does("care-team.restrict", { ...args, memberIds: [people.clinician2] })).toBe(
      "invalid_arguments",
    );
    expect(await nurse.does("care-team.restrict", { ...args, memberIds: [people.nurse] })).toBe("forbidden");
    expect(await insider.does("care-team.restrict", { ...args, memberIds: [] })).toBe("invalid_arguments");
    expect(await practice.owner("select 1 from care_team where patient_id = $1", [other])).toEqual([]);
  });
});
