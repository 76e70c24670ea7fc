import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { type DemographicsReview, demographicsReviewIdOf } from "#domain/demographics-review/index.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Patient } from "#domain/patient/index.ts";
import { safetyCardIdOf } from "#domain/safety-card/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { leaver } from "../testing/leaver.ts";
import { merging } from "../testing/merging.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let desk: AtWork;
let desk2: AtWork;
let nurse: AtWork;
let clinician: AtWork;
let patientId: string;

beforeAll(async () => {
  practice = await openTestPractice();
  desk = await atWork(practice, "frontdesk");
  desk2 = await atWork(practice, "frontdesk2");
  nurse = await atWork(practice, "nurse");
  clinician = await atWork(practice, "clinician");
});
afterAll(() => practice.close());

beforeEach(async () => {
  patientId = await registered();
});

async function registered(phone = "555-0100"): Promise<string> {
  const id = newId();
  const person = { id, givenName: "Ana", familyName: "Trial-Apart", birthDate: "1960-01-01", phone };
  expect(await clinician.does("patient.register", person)).toBe("applied");
  return id;
}

/** A change by somebody who saw the record as it was registered. */
const changes = (who: AtWork, change: Partial<Patient>, base: number | null = 1) =>
  who.result("patient.update", { id: patientId, ...change }, { base });
const decides = (
  who: AtWork,
  { id }: DemographicsReview,
  decision: "keep" | "take",
  seen: DemographicsReview["other"]["value"],
) => who.does("demographics-review.decide", { id, decision, seen });

const stored = async (id = patientId) =>
  (
    await practice.owner<{ birth_date: string; phone: string; email: string; family_name: string }>(
      "select birth_date::text, phone, email, family_name from patient where id = $1",
      [id],
    )
  )[0]!;
const questions = (id = patientId) =>
  practice.owner<DemographicsReview>(
    `select id, patient_id as "patientId", field, standing, other, decision, decided_by as "decidedBy"
     from demographics_review where patient_id = $1 order by field`,
    [id],
  );
async function birthDates(): Promise<DemographicsReview> {
  expect((await changes(desk, { birthDate: "1960-01-11" })).status).toBe("applied");
  expect((await changes(desk2, { birthDate: "1961-01-01" })).code).toBe("demographics_conflict");
  return (await questions())[0]!;
}

describe("two people who did not see each other's change", () => {
  it("of different fields: both are stored and nothing is asked", async () => {
    expect((await changes(desk, { birthDate: "1960-01-11" })).status).toBe("applied");
    expect(await changes(desk2, { phone: "555-0102" })).toMatchObject({ status: "applied" });
    expect(await stored()).toMatchObject({ birth_date: "1960-01-11", phone: "555-0102" });
    expect(await questions()).toEqual([]);
  });

  it("to the same value: nothing is asked", async () => {
    for (const who of [desk, desk2])
      expect((await changes(who, { birthDate: "1960-01-11", phone: "1" })).status).toBe("applied");
    expect(await questions()).toEqual([]);
  });

  it.each(["as it stands", "the other way round"])(
    "of one phone: the later arrives, the other is kept (%s)",
    async (order) => {
      const [first, second] = order === "as it stands" ? [desk, desk2] : [desk2, desk];
      await changes(first, { phone: "555-0101" });
      expect(await changes(second, { phone: "555-0102" })).toMatchObject({ status: "applied" });
      expect(await stored()).toMatchObject({ phone: "555-0102" });
      const [question, ...more] = await questions();
      expect(more).toEqual([]);
      expect(question).toMatchObject({
        field: "phone",
        standing: { value: "555-0102", by: second.session.user.id, at: expect.any(String) },
        other: { value: "555-0101", by: first.session.user.id, at: expect.any(String) },
        decision: null,
      });
      expect(await decides(desk, question!, "take", "555-0102")).toBe("applied");
      expect(await stored()).toMatchObject({ phone: "555-0101" });
    },
  );

  it.each(["as it stands", "the other way round"])(
    "of one birth date: the first stays, and the rest is stored (%s)",
    async (order) => {
      const [first, second] = order === "as it stands" ? [desk, desk2] : [desk2, desk];
      await changes(first, { birthDate: "1960-01-11" });
      const before = await practice.head();
      const result = await changes(second, { birthDate: "1961-01-01", email: "ana@example.org" });
      const [question] = await questions();
      expect(result).toMatchObject({
        status: "conflict",
        code: "demographics_conflict",
        detail: { waits: ["birthDate"], reviews: [question!.id] },
      });
      expect(await stored()).toMatchObject({ birth_date: "1960-01-11", email: "ana@example.org" });
      expect(question).toMatchObject({
        field: "birthDate",
        standing: { value: "1960-01-11", by: first.session.user.id },
        other: { value: "1961-01-01", by: second.session.user.id },
      });
      const records = await practice.audit(before);
      expect(records).toMatchObject([
        { action: "patient.updated", outcome: "ok", patientId, changed: ["email"], waits: ["birthDate"] },
      ]);
      expect(JSON.stringify(records)).not.toMatch(/1961-01-01|1960-01-11|ana@example/);
    },
  );

  it("whose answer was lost: the same push again asks once", async () => {
    await changes(desk, { birthDate: "1960-01-11" });
    const third = await atWork(practice, "nurse");
    const update = { id: patientId, birthDate: "1961-01-01" };
    const pushed = mutation(third.session, 1, "patient.update", update, { base: 1 });
    const [first] = (await practice.push(third.session, [pushed])).results;
    const [again] = (await practice.push(third.session, [pushed])).results;
    expect(again).toEqual(first);
    expect((await questions()).map(({ id }) => id)).toEqual([demographicsReviewIdOf(pushed.id, "birthDate")]);
  });

  it("is asked where the history does not know what was seen", async () => {
    await changes(desk, { email: "a@example.org" });
    const unknown = await changes(desk2, { birthDate: "1961-01-01", phone: "555-0102" }, 99);
    expect(unknown.code).toBe("demographics_conflict");
    expect(await stored()).toMatchObject({ birth_date: "1960-01-01", phone: "555-0102" });
    expect((await questions()).map(({ field, standing }) => [field, standing.value])).toEqual([
      ["birthDate", "1960-01-01"],
      ["phone", "555-0102"],
    ]);
  });
});

describe("one person's own changes", () => {
  it("written one after the other without the clinic are no conflict", async () => {
    for (const birthDate of ["1960-01-11", "1960-01-12"])
      expect((await changes(desk, { birthDate, phone: birthDate })).status).toBe("applied");
    expect(await stored()).toMatchObject({ birth_date: "1960-01-12", phone: "1960-01-12" });
    expect(await questions()).toEqual([]);
  });

  it("on two tablets are: the second had not seen the first", async () => {
    const elsewhere = await atWork(practice, "frontdesk");
    await changes(desk, { birthDate: "1960-01-11" });
    expect((await changes(elsewhere, { birthDate: "1961-01-01" })).code).toBe("demographics_conflict");
  });

  it("go on after a merge was asked for and withdrawn, which changed nothing that people see", async () => {
    const other = await registered();
    const merges = merging(practice);
    const { body } = await merges.ask(desk.session, "merge", other, patientId);
    await merges.withdraw(desk.session, body);
    expect((await changes(desk2, { birthDate: "1961-01-01" })).status).toBe("applied");
    expect(await questions()).toEqual([]);
  });
});

describe("deciding", () => {
  it("to take: the record and the safety card follow, the log names the field and no value", async () => {
    const question = await birthDates();
    const before = await practice.head();
    expect(await decides(nurse, question, "take", "1960-01-11")).toBe("applied");
    expect(await stored()).toMatchObject({ birth_date: "1961-01-01" });
    const records = await practice.audit(before);
    expect(records).toMatchObject([
      {
        action: "patient.value_decided",
        actor: { id: people.nurse },
        patientId,
        changed: ["birthDate"],
        resource: { type: "demographics-review", id: question.id },
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/196[01]-01/);
    const tablet = testClient(practice, nurse.session);
    await tablet.pull();
    expect(tablet.published.get(`${streams.safety}/${safetyCardIdOf(patientId)}`)?.data).toMatchObject({
      birthDate: "1961-01-01",
    });
    const [kept] = await practice.owner(
      "select 1 from row_history where record_id = $1 and data ->> 'birthDate' = '1960-01-11'",
      [patientId],
    );
    expect(kept).toBeDefined();
  });

  it("to keep leaves the record; the second decision is refused and changes nothing", async () => {
    const question = await birthDates();
    expect(await decides(clinician, question, "keep", "1960-01-11")).toBe("applied");
    for (const decision of ["take", "keep"] as const)
      expect(await decides(desk2, question, decision, "1960-01-11")).toBe("demographics_decided");
    expect(await stored()).toMatchObject({ birth_date: "1960-01-11" });
    expect(await questions()).toMatchObject([{ decision: "keep", decidedBy: people.clinician }]);
  });

  it("at once on two devices: one decision stands", async () => {
    const question = await birthDates();
    const codes = await Promise.all([
      decides(desk, question, "keep", "1960-01-11"),
      decides(desk2, question, "take", "1960-01-11"),
    ]);
    expect(codes.toSorted()).toEqual(["applied", "demographics_decided"]);
  });

  it("to take what would replace a value that was not on the screen is refused, and can be decided again", async () => {
    const question = await birthDates();
    expect(await decides(desk, question, "take", "1960-01-01")).toBe("entry_changed");
    expect(await questions()).toMatchObject([{ decision: null }]);
    expect(await decides(desk, question, "take", "1960-01-11")).toBe("applied");
  });

  it.each(["it", "privacy", "security"])(
    "is not for %s, whose tablet cannot change demographics",
    async (name) => {
      const question = await birthDates();
      const person = await atWork(practice, name);
      expect(await decides(person, question, "take", "1960-01-11")).toBe("forbidden");
      expect(await questions()).toMatchObject([{ decision: null }]);
    },
  );

  it("of an unknown question is refused", async () => {
    const nowhere = { id: newId() } as DemographicsReview;
    expect(await decides(desk, nowhere, "keep", "")).toBe("missing_parent");
  });
});

describe("the questions on tablets", () => {
  it("are in the stream of the demographics: with the desk, and not with who may not read those", async () => {
    const { id } = await birthDates();
    const key = `${streams.demographics}/${id}`;
    const tablet = testClient(practice, desk.session);
    await tablet.pull();
    expect(tablet.published.get(key)?.data).toMatchObject({ patientId, field: "birthDate", decision: null });
    const itTablet = testClient(practice, await practice.signIn("it"));
    await itTablet.pull();
    expect(itTablet.wire.join("")).not.toContain(id);
  });
});

describe("records of one person (C07)", () => {
  it("a change that names the merged record lands on the survivor, whose value is kept", async () => {
    const survivor = await registered("555-0111");
    const privacy = await practice.signIn("privacy");
    await merging(practice).done(desk.session, privacy, "merge", patientId, survivor);
    expect((await changes(desk2, { phone: "555-0102" })).status).toBe("applied");
    expect(await stored(survivor)).toMatchObject({ phone: "555-0102" });
    expect(await questions(survivor)).toMatchObject([{ field: "phone", other: { value: "555-0111" } }]);
  });

  it("who a merged record says the patient is never comes to the survivor", async () => {
    const question = await birthDates();
    const survivor = await registered();
    const privacy = await practice.signIn("privacy");
    await merging(practice).done(desk.session, privacy, "merge", patientId, survivor);
    expect(await decides(desk, question, "take", "1960-01-01")).toBe("patient_merged");
    expect(await decides(desk, question, "keep", "1960-01-01")).toBe("applied");
    expect(await stored(survivor)).toMatchObject({ birth_date: "1960-01-01" });
  });
});

it("work that was taken over from quarantine is merged like any other, under its author's name", async () => {
  const gone = await leaver(practice, "left", ["front-desk"]);
  const update = { id: patientId, birthDate: "1961-01-01", email: "ana@example.org" };
  const [item] = await gone.deliver([mutation(gone.session, 1, "patient.update", update, { base: 1 })]);
  await changes(desk, { birthDate: "1960-01-11" });
  const { status } = await practice.request(desk.session, "POST", `/api/quarantine/${item}/decision`, {
    decision: "adopt",
  });
  expect(status).toBe(200);
  expect(await stored()).toMatchObject({ birth_date: "1960-01-11", email: "ana@example.org" });
  expect(await questions()).toMatchObject([
    { field: "birthDate", other: { value: "1961-01-01", by: gone.id } },
  ]);
});
