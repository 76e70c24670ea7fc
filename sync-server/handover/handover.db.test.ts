import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import type { Handover } from "#domain/handover/index.ts";
import { newId } from "#domain/kernel/id.ts";
import type { ArgsOf, MutationName } from "#domain/registry.ts";
import { mutationHash, type PushedMutation } from "#domain/sync/protocol.ts";
import { handoverKind } from "#domain/sync/review.ts";
import type { OpenedItem, ReviewItem } from "#domain/sync/review-items.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";

let practice: TestPractice;
let nurse: TestSession;
let clinician: TestSession;
let clinician2: TestSession;
let desk: TestSession;
const numbers = new Map<string, number>();
const patientId = people.patient(5);
const planted = "PLANTED-WORD";

beforeAll(async () => {
  practice = await openTestPractice();
  nurse = await practice.signIn("nurse");
  clinician = await practice.signIn("clinician");
  clinician2 = await practice.signIn("clinician2");
  desk = await practice.signIn("frontdesk");
});
afterAll(() => practice.close());

/** Pushes one change under the session's next number. */
async function sends<K extends MutationName>(
  who: TestSession,
  name: K,
  args: ArgsOf<K>,
  change: Partial<PushedMutation> = {},
) {
  const n = (numbers.get(who.clientId) ?? 0) + 1;
  numbers.set(who.clientId, n);
  const pushed = mutation(who, n, name, args, change);
  const { results } = await practice.push(who, [pushed]);
  return { pushed, answer: results[0]?.code ?? results[0]?.status };
}

const written = "2026-03-04T10:20:30.000Z";

/** Only a clinician takes an allergy off the list (C12): what a nurse wrote is refused, and a clinician may do it. */
async function refusedEnd(words = planted): Promise<PushedMutation> {
  const id = newId();
  const added = await sends(nurse, "allergy.add", { id, patientId, encounterId: null, substance: "Latex" });
  expect(added.answer).toBe("applied");
  const ended = await sends(
    nurse,
    "allergy.enterInError",
    { id, patientId, statusReason: words },
    { at: written },
  );
  expect(ended.answer).toBe("forbidden");
  return ended.pushed;
}

const to = (toId: string, refused: PushedMutation, change: Partial<ArgsOf<"handover.give">> = {}) => ({
  id: newId(),
  toId,
  kind: handoverKind(refused),
  mutation: refused,
  words: "",
  ...change,
});

async function list(who: TestSession): Promise<ReviewItem[]> {
  const { body } = await practice.request<{ items: ReviewItem[] }>(who, "GET", "/api/quarantine");
  return body.items.filter(({ decision }) => decision === null);
}
const open = (who: TestSession, id: string) =>
  practice.request<OpenedItem & { code?: string }>(who, "GET", `/api/quarantine/${id}`);
const adopt = { decision: "adopt" } as const;
const discard = { decision: "discard", reason: "Entered another way" } as const;
const decide = (who: TestSession, id: string, body: typeof adopt | typeof discard) =>
  practice.request<ReviewItem & { code?: string }>(who, "POST", `/api/quarantine/${id}/decision`, body);

/** The author's row as a fresh tablet of theirs receives it. */
async function rowOf(username: string, id: string): Promise<Handover | undefined> {
  const client = testClient(practice, await practice.signIn(username));
  await client.pull();
  const [row] = [...client.published].filter(([key]) => key.endsWith(`/${id}`)).map(([, value]) => value);
  return row?.data as Handover | undefined;
}

/** Roles change with a record in the log, as every synced row does. */
const setRoles = (id: string, roles: string) =>
  practice.practice.ledger.transact(async ({ em, audit }) => {
    await em.execute("update staff set roles = ?::text[], version = version + 1 where id = ?", [roles, id]);
    audit({ actor: { type: "system", id: null }, action: "role.changed", outcome: "ok" } as never);
  });

describe("handed to a colleague", () => {
  it("in one batch with what was refused, as after a restore: it waits until that is answered, and is given", async () => {
    const id = newId();
    await sends(nurse, "allergy.add", { id, patientId, encounterId: null, substance: "Latex" });
    const n = numbers.get(nurse.clientId)!;
    numbers.set(nurse.clientId, n + 2);
    const ended = mutation(nurse, n + 1, "allergy.enterInError", { id, patientId, statusReason: planted });
    const given = to(people.clinician, ended);
    const batch = [ended, mutation(nurse, n + 2, "handover.give", given)];
    expect((await practice.push(nurse, batch)).results).toMatchObject([{ n: n + 1, code: "forbidden" }]);
    expect((await practice.push(nurse, batch)).results).toMatchObject([
      { n: n + 1, code: "forbidden" },
      { n: n + 2, status: "applied" },
    ]);
    expect((await list(clinician)).map((item) => item.id)).toContain(given.id);
    await decide(clinician, given.id, discard);
  });

  it("is opened by her, with whose it is, when it was written and why it was refused, and adopted under the author's name", async () => {
    const refused = await refusedEnd();
    const given = to(people.clinician, refused, { words: "Please end it" });
    const before = await practice.head();
    expect((await sends(nurse, "handover.give", given)).answer).toBe("applied");
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "handover.given",
        outcome: "ok",
        actor: { id: people.nurse },
        colleagueId: people.clinician,
        patientId,
      },
    ]);
    expect(await list(clinician)).toMatchObject([
      {
        id: given.id,
        authorId: people.nurse,
        handedTo: people.clinician,
        refusal: "forbidden",
        writtenAt: written,
      },
    ]);
    const opened = await open(clinician, given.id);
    expect(opened.body).toMatchObject({ words: "Please end it", role: "nurse", reason: "handed_over" });
    expect(opened.body.args).toMatchObject({ statusReason: planted });
    expect((await decide(clinician, given.id, adopt)).body).toMatchObject({ decision: "adopted" });
    const records = await practice.audit(before);
    expect(records.find(({ action }) => action === "allergy.entered_in_error")).toMatchObject({
      actor: { id: people.clinician },
      onBehalfOf: people.nurse,
      occurredAt: written,
    });
    expect(records.find(({ action }) => action === "quarantine.adopted")).toMatchObject({
      actor: { id: people.clinician },
      colleagueId: people.nurse,
    });
    expect(await rowOf("nurse", given.id)).toMatchObject({
      decision: "adopted",
      decidedBy: people.clinician,
    });
  });

  it("is in its author's own stream with the words, sealed at rest, and announced on the chart without them", async () => {
    const unseen = "UNSEEN-WORD";
    const refused = await refusedEnd(unseen);
    const given = to(people.clinician, refused);
    await sends(nurse, "handover.give", given);
    expect(await rowOf("nurse", given.id)).toMatchObject({
      mutation: { args: { statusReason: unseen }, hash: refused.hash },
      code: "forbidden",
      patientId,
      decision: null,
    });
    const others = testClient(practice, await practice.signIn("clinician2"));
    others.want.push(streams.chart(patientId));
    await others.pull();
    expect(others.published.get(`${streams.chart(patientId)}/${given.id}`)?.data).toMatchObject({
      authorId: people.nurse,
      handedTo: people.clinician,
    });
    expect(others.wire.join("").includes(unseen)).toBe(false);
    for (const table of ["handover", "quarantine", "audit_log"]) {
      const rows = await practice.owner<{ text: string }>(`select to_jsonb(t)::text as text from ${table} t`);
      expect(rows.map(({ text }) => text).join(""), table).not.toContain(unseen);
    }
  });

  it("is counted for her alone, and for everybody who may decide once she cannot", async () => {
    const waiting = async (who: TestSession) =>
      (await practice.request<{ waiting: number }>(who, "GET", "/api/quarantine/waiting")).body.waiting;
    const before = [await waiting(clinician), await waiting(clinician2)];
    await sends(nurse, "handover.give", to(people.clinician2, await refusedEnd()));
    expect([await waiting(clinician), await waiting(clinician2)]).toEqual([before[0], before[1]! + 1]);
    await practice.owner("update app_user set disabled_at = now() where id = $1", [people.clinician2]);
    expect(await waiting(clinician)).toBe(before[0]! + 1);
    await practice.owner("update app_user set disabled_at = null where id = $1", [people.clinician2]);
  });

  it("stands in the privacy officer's list, with its decision and without its words", async () => {
    const given = to(people.clinician, await refusedEnd(), { words: planted });
    await sends(nurse, "handover.give", given);
    await decide(clinician, given.id, discard);
    const privacy = await practice.signIn("privacy");
    const { body, text } = await practice.request<{ items: ReviewItem[] }>(privacy, "GET", "/api/quarantine");
    expect(body.items.find(({ id }) => id === given.id)).toMatchObject({
      authorId: people.nurse,
      handedTo: people.clinician,
      decision: "discarded",
      decidedBy: people.clinician,
    });
    expect(text).not.toContain(planted);
    expect((await open(privacy, given.id)).status).toBe(403);
  });

  it("tells its author why it was discarded", async () => {
    const given = to(people.clinician, await refusedEnd());
    await sends(nurse, "handover.give", given);
    await decide(clinician, given.id, discard);
    expect(await rowOf("nurse", given.id)).toMatchObject({
      decision: "discarded",
      decisionReason: discard.reason,
      mutation: { args: { statusReason: planted } },
    });
    expect((await sends(nurse, "handover.close", { id: given.id })).answer).toBe("applied");
    expect(await rowOf("nurse", given.id)).toBeUndefined();
  });
});

describe("what may be handed over", () => {
  const answer = async (who: TestSession, given: ReturnType<typeof to>) =>
    (await sends(who, "handover.give", given)).answer;

  it("is what the clinic refused of the author's own, exactly as it was sent", async () => {
    const id = newId();
    const { pushed } = await sends(nurse, "allergy.add", {
      id,
      patientId,
      encounterId: null,
      substance: "Nuts",
    });
    expect(await answer(nurse, to(people.clinician, pushed))).toBe("handover_not_refused");
    const refused = await refusedEnd();
    const { hash: _, ...words } = refused;
    const changed = { ...words, args: { ...refused.args, statusReason: "Something else" } };
    const forged = { ...changed, hash: mutationHash(changed) };
    expect(await answer(nurse, to(people.clinician, forged))).toBe("handover_not_refused");
    const kept = { ...changed, hash: refused.hash };
    expect(await answer(nurse, to(people.clinician, kept))).toBe("handover_not_refused");
    // Neither in another's name, nor what another wrote.
    expect(await answer(clinician, to(people.clinician2, refused))).toBe("handover_not_refused");
    // A role that its author does not hold stays out of the record, whoever would bring it in.
    const claimed = await sends(nurse, "room.add", { id, name: "Roof" }, { role: "practice-it" });
    expect(claimed.answer).toBe("forbidden");
    expect(await answer(nurse, to(people.clinician, claimed.pushed))).toBe("handover_not_refused");
    const unsent = mutation(nurse, 99, "allergy.enterInError", { id, patientId, statusReason: planted });
    expect(await answer(nurse, to(people.clinician, unsent))).toBe("handover_not_refused");
    expect(await answer(nurse, to(people.clinician, refused, { kind: "administrative" }))).toBe(
      "invalid_arguments",
    );
  });

  it("is neither a signature nor what was handed over already", async () => {
    const signed = await sends(clinician, "note.sign", {
      id: newId(),
      revisionId: newId(),
      hash: "0".repeat(64),
    });
    expect(signed.answer).not.toBe("applied");
    expect(await answer(clinician, to(people.clinician2, signed.pushed))).toBe("handover_not_refused");
    const refused = await refusedEnd();
    const wrong = await sends(nurse, "handover.give", to(people.nurse, refused));
    expect(await answer(nurse, to(people.clinician, wrong.pushed))).toBe("handover_not_refused");
    expect(await answer(nurse, to(people.clinician, refused))).toBe("applied");
    expect(await answer(nurse, to(people.clinician2, refused))).toBe("handover_exists");
  });

  it("goes to nobody who may not decide about it, may not do it, or does not work here any more", async () => {
    const refused = await refusedEnd();
    const gone = await practice.addPerson("gone", ["clinician"]);
    await practice.owner("update app_user set disabled_at = now() where id = $1", [gone]);
    const nurse2 = await practice.addPerson("another-nurse", ["nurse"]);
    for (const toId of [people.nurse, people.frontdesk, people.it, nurse2, gone, newId()])
      expect(await answer(nurse, to(toId, refused)), toId).toBe("handover_colleague");
    // What neither may do cannot be had through a colleague's name.
    const room = await sends(nurse, "room.add", { id: newId(), name: "Roof" } as never);
    expect(room.answer).toBe("forbidden");
    expect(await answer(nurse, to(people.clinician, room.pushed))).toBe("handover_colleague");
  });

  it("goes, from a restricted chart, to its care team alone, also from somebody outside of it", async () => {
    const restricted = people.patient(7);
    await sends(clinician, "care-team.restrict", {
      id: careTeamIdOf(restricted),
      patientId: restricted,
      memberIds: [people.clinician],
    });
    const args = { id: newId(), patientId: restricted, encounterId: null, substance: planted };
    const refused = await sends(nurse, "allergy.add", args);
    expect(refused.answer).toBe("chart_restricted");
    expect(await answer(nurse, to(people.clinician2, refused.pushed))).toBe("handover_colleague");
    const given = to(people.clinician, refused.pushed);
    expect(await answer(nurse, given)).toBe("applied");
    expect((await open(clinician2, given.id)).body.code).toBe("chart_restricted");
    expect((await decide(clinician, given.id, adopt)).status).toBe(200);
  });

  it("is handed over once, however often it arrives", async () => {
    const given = to(people.clinician, await refusedEnd());
    const { pushed } = await sends(nurse, "handover.give", given);
    const before = await practice.head();
    for (let i = 0; i < 2; i++)
      expect((await practice.push(nurse, [pushed])).results).toMatchObject([{ status: "applied" }]);
    expect(await practice.head()).toBe(before);
    expect((await list(clinician)).filter(({ id }) => id === given.id)).toHaveLength(1);
  });
});

describe("deciding about what was handed over", () => {
  it("a nurse decides what she was handed and nothing else, by her own rights", async () => {
    const mine = await sends(clinician, "vitals.record", {
      id: newId(),
      patientId: people.patient(8),
    } as never);
    expect(mine.answer).toBe("invalid_arguments");
    const given = to(people.nurse, mine.pushed);
    expect((await sends(clinician, "handover.give", given)).answer).toBe("applied");
    const other = to(people.clinician, await refusedEnd());
    await sends(nurse, "handover.give", other);
    expect((await list(nurse)).map(({ id }) => id)).toEqual([given.id]);
    expect((await open(nurse, given.id)).status).toBe(200);
    expect((await open(nurse, other.id)).body.code).toBe("forbidden");
    expect((await decide(nurse, other.id, adopt)).body.code).toBe("forbidden");
    // As it is, it is refused again: it stays undecided, and she discards it once she entered it rightly.
    expect((await decide(nurse, given.id, adopt)).body.code).toBe("invalid_arguments");
    expect((await decide(nurse, given.id, discard)).body).toMatchObject({ decision: "discarded" });
  });

  it("its author does not, whatever her role; another one who decides such work may, for a colleague who is away", async () => {
    const args = { id: newId(), patientId, encounterId: null, substance: "Dust" };
    await sends(clinician, "allergy.add", args);
    const again = await sends(clinician, "allergy.add", args);
    const given = to(people.nurse, again.pushed);
    await sends(clinician, "handover.give", given);
    expect((await list(clinician)).map(({ id }) => id)).not.toContain(given.id);
    expect((await open(clinician, given.id)).body.code).toBe("forbidden");
    expect((await decide(clinician, given.id, adopt)).body.code).toBe("forbidden");
    expect((await decide(clinician2, given.id, discard)).status).toBe(200);
  });

  it("a colleague who lost the role meanwhile does not", async () => {
    const id = await practice.addPerson("shortly", ["clinician"]);
    const given = to(id, await refusedEnd());
    expect((await sends(nurse, "handover.give", given)).answer).toBe("applied");
    for (const [roles, code] of [
      ["{nurse}", "forbidden"],
      ["{front-desk}", "forbidden"],
    ] as const) {
      await setRoles(id, roles);
      const shortly = await practice.signIn("shortly");
      expect((await decide(shortly, given.id, adopt)).body.code, roles).toBe(code);
    }
    expect((await list(clinician)).map((item) => item.id)).toContain(given.id);
    expect((await decide(clinician, given.id, adopt)).body).toMatchObject({ decision: "adopted" });
  });

  it("happens once, by whoever is first; so does taking back", async () => {
    const given = to(people.clinician, await refusedEnd());
    await sends(nurse, "handover.give", given);
    const both = await Promise.all([
      decide(clinician, given.id, adopt),
      decide(clinician2, given.id, discard),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);

    for (let i = 0; i < 4; i++) {
      const next = to(people.clinician, await refusedEnd());
      await sends(nurse, "handover.give", next);
      const [decided, back] = await Promise.all([
        decide(clinician, next.id, adopt),
        sends(nurse, "handover.takeBack", { id: next.id }),
      ]);
      const [quarantined] = await practice.owner<{ decision: string }>(
        "select decision from quarantine where id = $1",
        [next.id],
      );
      const row = await rowOf("nurse", next.id);
      expect(row?.decision).toBe(quarantined?.decision);
      expect([decided.status, back.answer]).toEqual(
        row?.decision === "adopted" ? [200, "quarantine_decided"] : [409, "applied"],
      );
    }
  });

  it("at the desk is the desk's: refused again while the time is taken, carried out once it is free", async () => {
    const desk2 = await practice.signIn("frontdesk2");
    const taken = booking();
    expect((await sends(desk2, "appointment.book", taken)).answer).toBe("applied");
    const refused = await sends(desk, "appointment.book", booking({ start: taken.start }));
    expect(refused.answer).toBe("slot_taken");
    expect((await sends(desk, "handover.give", to(people.nurse, refused.pushed))).answer).toBe(
      "handover_colleague",
    );
    const given = to(desk2.user.id, refused.pushed);
    expect((await sends(desk, "handover.give", given)).answer).toBe("applied");
    const again = await decide(desk2, given.id, adopt);
    expect(again.body.code).toBe("slot_taken");
    expect((await list(desk2)).map(({ id }) => id)).toContain(given.id);
    await sends(desk2, "appointment.cancel", { id: taken.id, cancelReason: "moved" } as never);
    expect((await decide(desk2, given.id, adopt)).status).toBe(200);
    expect(await rowOf("frontdesk", given.id)).toMatchObject({ decision: "adopted" });
  });
});

describe("taken back", () => {
  it("is its author's alone, before there is a decision; then it can be handed to another one", async () => {
    const refused = await refusedEnd();
    const given = to(people.clinician, refused);
    await sends(nurse, "handover.give", given);
    expect((await sends(clinician2, "handover.takeBack", { id: given.id })).answer).toBe("not_yours");
    expect((await sends(nurse, "handover.close", { id: given.id })).answer).toBe("handover_undecided");
    const before = await practice.head();
    expect((await sends(nurse, "handover.takeBack", { id: given.id })).answer).toBe("applied");
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "handover.taken_back",
        actor: { id: people.nurse },
        colleagueId: people.clinician,
        patientId,
      },
    ]);
    expect((await decide(clinician, given.id, adopt)).body.code).toBe("quarantine_decided");
    const again = to(people.clinician2, refused);
    expect((await sends(nurse, "handover.give", again)).answer).toBe("applied");
    expect((await decide(clinician2, again.id, adopt)).body).toMatchObject({ decision: "adopted" });
    expect((await sends(nurse, "handover.takeBack", { id: again.id })).answer).toBe("quarantine_decided");
    expect((await sends(nurse, "handover.give", to(people.clinician, refused))).answer).toBe(
      "handover_exists",
    );
  });
});
