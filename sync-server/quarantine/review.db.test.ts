import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { newId } from "#domain/kernel/id.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { OpenedItem, ReviewItem } from "#domain/sync/review-items.ts";
import { type Leaver, leaver } from "../testing/leaver.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, noteText, people, revise, startVisit, type TestVisit } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: TestSession;
let clinician2: TestSession;
let desk: TestSession;
let doctor: Leaver;
let clerk: Leaver;
let visit: TestVisit;
let n: { doctor: number; clerk: number };

const patientId = people.patient(5);
const planted = "PLANTED-WORD";
const written = "2026-03-04T10:20:30.000Z";

beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await practice.signIn("clinician");
  clinician2 = await practice.signIn("clinician2");
  desk = await practice.signIn("frontdesk");
  doctor = await leaver(practice, "doctor", ["clinician"], async ({ session }) => {
    visit = await startVisit(practice, session);
  });
  clerk = await leaver(practice, "clerk", ["front-desk"]);
  n = { doctor: 3, clerk: 1 };
});
afterAll(() => practice.close());

/** Each test begins with nothing undecided, so that what it lists is its own. */
beforeEach(async () => {
  for (const { id } of await list(clinician)) await decide(clinician, id, discard);
});

const discard = { decision: "discard", reason: "written twice" } as const;
const adopt = { decision: "adopt" } as const;

async function list(who: TestSession, past = false): Promise<ReviewItem[]> {
  const { body } = await practice.request<{ items: ReviewItem[] }>(who, "GET", "/api/quarantine");
  return body.items.filter(({ decision }) => past || decision === null);
}
const open = (who: TestSession, id: string) =>
  practice.request<OpenedItem & { code?: string }>(who, "GET", `/api/quarantine/${id}`);
const decide = (
  who: TestSession,
  id: string,
  body: { decision: "adopt" } | { decision: "discard"; reason: string },
) =>
  practice.request<ReviewItem & { code?: string; detail?: string }>(
    who,
    "POST",
    `/api/quarantine/${id}/decision`,
    body,
  );

const allergyArgs = (change: object = {}) => ({
  id: newId(),
  patientId,
  encounterId: null,
  substance: planted,
  ...change,
});
const addAllergy = (change: object = {}): PushedMutation =>
  mutation(doctor.session, n.doctor++, "allergy.add", allergyArgs(change), { at: written });
const book = (change: Parameters<typeof booking>[0] = {}): PushedMutation =>
  mutation(clerk.session, n.clerk++, "appointment.book", booking(change), { at: written });
const one = async (who: Leaver, pushed: PushedMutation): Promise<string> => (await who.deliver([pushed]))[0]!;

describe("who sees what waits", () => {
  it("a clinician everything, the desk its own kind, the privacy officer that it exists; nobody else", async () => {
    const clinical = await one(doctor, addAllergy());
    const scheduling = await one(clerk, book());
    const ids = async (who: TestSession) => (await list(who)).map(({ id }) => id);
    expect(await ids(clinician)).toEqual([clinical, scheduling]);
    expect(await ids(desk)).toEqual([scheduling]);
    const privacy = await practice.signIn("privacy");
    expect(await list(privacy)).toMatchObject([
      {
        id: clinical,
        authorId: doctor.id,
        patientId,
        name: "allergy.add",
        writtenAt: written,
        handedTo: null,
      },
      { id: scheduling, authorId: clerk.id, sort: "desk" },
    ]);
    const counts = { clinician: 2, frontdesk: 1, privacy: 2 };
    for (const [name, waiting] of Object.entries(counts)) {
      const who = await practice.signIn(name);
      expect((await practice.request(who, "GET", "/api/quarantine/waiting")).body, name).toEqual({ waiting });
    }
    const nurse = await practice.signIn("nurse");
    expect(await list(nurse)).toEqual([]); // only what she is handed
    for (const name of ["nurse", "admin", "it", "security"]) {
      const who = await practice.signIn(name);
      const paths = name === "nurse" ? [] : ["/api/quarantine", "/api/quarantine/waiting"];
      for (const path of [...paths, `/api/quarantine/${clinical}`])
        expect((await practice.request(who, "GET", path)).status, `${name} ${path}`).toBe(403);
      for (const given of [adopt, discard]) expect((await decide(who, clinical, given)).status).toBe(403);
    }
    const text = (await practice.request(clinician, "GET", "/api/quarantine")).text;
    expect(text).not.toContain(planted);
  });

  it("the desk neither opens nor decides clinical work, and the privacy officer no work at all", async () => {
    const clinical = await one(doctor, addAllergy());
    const scheduling = await one(clerk, book());
    const privacy = await practice.signIn("privacy");
    const before = await practice.head();
    for (const [who, id] of [
      [desk, clinical],
      [privacy, clinical],
      [privacy, scheduling],
    ] as const) {
      const opened = await open(who, id);
      expect([opened.status, opened.body.code]).toEqual([403, "forbidden"]);
      expect(opened.text).not.toContain(planted);
      for (const given of [adopt, discard]) expect((await decide(who, id, given)).status).toBe(403);
    }
    const records = await practice.audit(before);
    expect(records).toHaveLength(9);
    for (const record of records)
      expect(record).toMatchObject({ action: "access.denied", permission: "quarantine:decide", patientId });
    expect(await list(clinician)).toHaveLength(2);
  });

  it("practice IT sees how many nobody has decided", async () => {
    await one(doctor, addAllergy());
    const it = await practice.signIn("it");
    const { body } = await practice.request<{ quarantined: number }>(it, "GET", "/api/operations/dashboard");
    expect(body.quarantined).toBe(1);
  });

  it("a restricted chart's item is for its care team", async () => {
    const restricted = people.patient(7);
    const id = await one(doctor, addAllergy({ patientId: restricted }));
    await practice.push(clinician, [
      mutation(clinician, 1, "care-team.restrict", {
        id: careTeamIdOf(restricted),
        patientId: restricted,
        memberIds: [people.clinician],
      }),
    ]);
    expect(await list(clinician2)).toEqual([]);
    expect((await practice.request(clinician2, "GET", "/api/quarantine/waiting")).body).toEqual({
      waiting: 0,
    });
    expect((await open(clinician2, id)).body.code).toBe("chart_restricted");
    for (const given of [adopt, discard])
      expect((await decide(clinician2, id, given)).body.code).toBe("chart_restricted");
    expect((await open(clinician, id)).status).toBe(200);
    expect((await decide(clinician, id, adopt)).status).toBe(200);
  });
});

describe("opening", () => {
  it("nothing under another name than that of whoever delivered it", async () => {
    // What a copied profile sends is kept as it comes, before anybody asks whose it is.
    await practice.owner("update sync_client set forked_at = now() where client_id = $1", [
      doctor.session.clientId,
    ]);
    const args = allergyArgs();
    const change = { at: written, actor: clinician2.user.id };
    const id = await one(doctor, mutation(doctor.session, n.doctor++, "allergy.add", args, change));
    const before = await practice.head();
    const { status, body } = await decide(clinician, id, adopt);
    expect([status, body.code]).toEqual([403, "forbidden"]);
    expect(await practice.audit(before)).toMatchObject([{ action: "access.denied", outcome: "denied" }]);
    expect(await practice.owner("select 1 from allergy where id = $1", [args.id])).toEqual([]);
    expect((await list(clinician)).map((item) => item.id)).toEqual([id]);
  });

  it("gives the words and what the record says now, and is recorded before they leave", async () => {
    const update = { id: patientId, phone: "555-0177" };
    const id = await one(clerk, mutation(clerk.session, n.clerk++, "patient.update", update));
    const before = await practice.head();
    const { body } = await open(desk, id);
    expect(body).toMatchObject({ args: update, role: "front-desk", ownHand: false, patientId });
    expect(body.present).toMatchObject({ id: patientId, familyName: expect.any(String) });
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "quarantine.opened",
        actor: { id: people.frontdesk, role: "front-desk" },
        patientId,
        resource: { type: "quarantine", id },
      },
    ]);
  });

  it("shows no words when that it was opened cannot be recorded", async () => {
    const id = await one(doctor, addAllergy());
    await practice.owner(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'disk failure'; end $$`);
    await practice.owner("create trigger refuse before insert on audit_log execute function refuse_audit()");
    try {
      const { status, text } = await open(clinician, id);
      expect(status).toBe(503);
      expect(text).not.toContain(planted);
      expect((await decide(clinician, id, adopt)).status).toBe(503);
    } finally {
      await practice.owner("drop trigger refuse on audit_log");
      await practice.owner("drop function refuse_audit()");
    }
    expect(await list(clinician)).toMatchObject([{ id, decision: null }]);
  });
});

describe("taking over", () => {
  it("a note's text: it is the author's, and the log names who brought it in", async () => {
    const text = revise(doctor.session, n.doctor++, visit, noteText(planted));
    const id = await one(doctor, { ...text });
    const before = await practice.head();
    const { status, body } = await decide(clinician2, id, adopt);
    expect([status, body.decision, body.decidedBy]).toEqual([200, "adopted", people.clinician2]);
    const [note] = await practice.owner("select author_id, content from note where id = $1", [visit.noteId]);
    expect(note).toMatchObject({ author_id: doctor.id, content: { subjective: [{ text: planted }] } });
    expect(
      await practice.owner("select author_id from note_revision where note_id = $1", [visit.noteId]),
    ).toEqual([{ author_id: doctor.id }]);
    const records = await practice.audit(before);
    expect(records).toMatchObject([
      {
        action: "note.revised",
        outcome: "ok",
        actor: { type: "user", id: people.clinician2, role: "clinician" },
        onBehalfOf: doctor.id,
        occurredAt: text.at,
        patientId,
      },
      { action: "quarantine.adopted", actor: { id: people.clinician2 }, resource: { id }, patientId },
    ]);
    expect(records).toHaveLength(2);
    expect(records[0]).not.toHaveProperty("deviceSeq");
  });

  it("an allergy: written by its author then, on the safety card now", async () => {
    const pushed = addAllergy();
    const id = await one(doctor, pushed);
    expect((await decide(clinician, id, adopt)).status).toBe(200);
    const [row] = await practice.owner("select recorded_by, recorded_at from allergy where id = $1", [
      pushed.args.id,
    ]);
    expect(row).toEqual({ recorded_by: doctor.id, recorded_at: new Date(written) });
    const [card] = await practice.owner("select allergies from safety_card where patient_id = $1", [
      patientId,
    ]);
    expect(JSON.stringify(card)).toContain(planted);
  });

  it("an appointment, by the desk; a slot that was taken meanwhile leaves it undecided, with the reason", async () => {
    const free = book();
    const taken = book();
    const start = String(taken.args.start);
    await practice.push(desk, [mutation(desk, 1, "appointment.book", booking({ start }))]);
    const [first, second] = await clerk.deliver([free, taken]);
    expect((await decide(desk, first!, adopt)).status).toBe(200);
    const [made] = await practice.owner("select trail from appointment where id = $1", [free.args.id]);
    expect(made).toMatchObject({ trail: [{ status: "booked", by: clerk.id, at: written }] });
    const before = await practice.head();
    const refused = await decide(desk, second!, adopt);
    expect([refused.status, refused.body.code]).toEqual([409, "slot_taken"]);
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "mutation.refused",
        outcome: "denied",
        reason: "slot_taken",
        actor: { id: people.frontdesk },
        onBehalfOf: clerk.id,
      },
    ]);
    expect(await list(desk)).toMatchObject([{ id: second, decision: null }]);
    expect(await practice.owner("select 1 from appointment where id = $1", [taken.args.id])).toEqual([]);
  });

  it("demographics, by the desk", async () => {
    const pushed = mutation(clerk.session, n.clerk++, "patient.update", { id: patientId, phone: "555-0142" });
    const id = await one(clerk, pushed);
    expect((await decide(desk, id, adopt)).status).toBe(200);
    expect(await practice.owner("select phone from patient where id = $1", [patientId])).toEqual([
      { phone: "555-0142" },
    ]);
  });

  it("is by the rights of now: what the person may not do themself they take over for nobody", async () => {
    const manager = await leaver(practice, "manager", ["administrator"]);
    const room = { id: newId(), name: "Attic" };
    const id = await one(manager, mutation(manager.session, 1, "room.add", room));
    const refused = await decide(clinician, id, adopt);
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    expect(await list(clinician)).toHaveLength(1);
  });

  it("never a signature", async () => {
    const text = revise(doctor.session, n.doctor++, visit, noteText("to be signed"));
    const args = { id: visit.noteId, patientId, revisionId: newId(), hash: "0".repeat(64) };
    const sign = mutation(doctor.session, n.doctor++, "note.sign", args as never);
    const [, id] = await doctor.deliver([text, sign]);
    expect((await open(clinician, id!)).body.ownHand).toBe(true);
    expect((await decide(clinician, id!, adopt)).body.code).toBe("quarantine_own_hand");
    expect((await decide(clinician, id!, discard)).status).toBe(200);
  });
});

describe("deciding once", () => {
  it("the same person's same decision again gives the first answer; any other finds it decided", async () => {
    const pushed = addAllergy();
    const id = await one(doctor, pushed);
    const first = await decide(clinician, id, adopt);
    const again = await decide(clinician, id, adopt);
    expect([again.status, again.body]).toEqual([200, first.body]);
    for (const [who, given] of [
      [clinician, discard],
      [clinician2, adopt],
      [clinician2, discard],
    ] as const) {
      const late = await decide(who, id, given);
      expect([late.status, late.body.code]).toEqual([409, "quarantine_decided"]);
    }
    const rows = await practice.owner("select version from allergy where id = $1", [pushed.args.id]);
    expect(rows).toEqual([{ version: 1 }]);
  });

  it("two at once: one decides, the other is told", async () => {
    for (const given of [adopt, discard]) {
      const id = await one(doctor, addAllergy());
      const answers = await Promise.all([decide(clinician, id, adopt), decide(clinician2, id, given)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe("quarantine_decided");
    }
  });

  it("discarded, it stays sealed with its reason, and nothing of it is in the record", async () => {
    const pushed = addAllergy({ substance: `${planted}-discarded` });
    const id = await one(doctor, pushed);
    const before = await practice.head();
    expect((await decide(clinician, id, { ...discard, reason: `${planted} reason` })).status).toBe(200);
    expect(await practice.audit(before)).toMatchObject([
      { action: "quarantine.discarded", actor: { id: people.clinician }, patientId },
    ]);
    const [row] = await practice.owner<{ sealed: Buffer }>("select * from quarantine where id = $1", [id]);
    expect(JSON.stringify(row)).not.toContain(planted);
    expect(Buffer.from(row!.sealed).includes(planted)).toBe(false);
    expect(await practice.owner("select 1 from allergy where id = $1", [pushed.args.id])).toEqual([]);
    expect((await open(clinician, id)).body).toMatchObject({
      args: { substance: `${planted}-discarded` },
      discardReason: `${planted} reason`,
      decision: "discarded",
    });
    await expect(
      practice.practice.database.em.fork().execute("delete from quarantine where id = ?", [id]),
    ).rejects.toThrow("permission denied");
  });
});

describe("what builds on something else", () => {
  it("is shown after it, says so, and is taken over after it", async () => {
    const first = revise(doctor.session, n.doctor++, visit, noteText("first"));
    const second = revise(doctor.session, n.doctor++, visit, noteText("second"), {
      base: String(first.args.revisionId),
    });
    const apart = addAllergy();
    const ids = await doctor.deliver([first, second, apart]);
    const shown = await list(clinician);
    expect(shown.map(({ id, after }) => [id, after])).toEqual([
      [ids[0], null],
      [ids[1], ids[0]],
      [ids[2], null],
    ]);
    const early = await decide(clinician, ids[1]!, adopt);
    expect([early.status, early.body.code]).toEqual([409, "quarantine_earlier_first"]);
    expect(early.body.detail).toContain(ids[0]);
    expect((await decide(clinician, ids[2]!, adopt)).status).toBe(200);
    expect((await decide(clinician, ids[0]!, adopt)).status).toBe(200);
    expect((await decide(clinician, ids[1]!, adopt)).status).toBe(200);
  });
});

describe("C26: the chart's notice", () => {
  const chart = streams.chart(patientId);
  const unseen = "UNSEEN-WORD";
  const notices = (client: ReturnType<typeof testClient>) =>
    [...client.published.values()].filter(({ collection }) => collection === "quarantine");

  it("is on clinical tablets with the chart, without words, and goes when it is decided", async () => {
    const clients = [testClient(practice, clinician2), testClient(practice, await practice.signIn("nurse"))];
    for (const client of clients) client.want.push(chart);
    const others = [];
    for (const name of ["frontdesk", "it", "privacy"]) {
      const client = testClient(practice, await practice.signIn(name));
      client.want.push(chart);
      others.push(client);
    }
    const id = await one(doctor, addAllergy({ substance: unseen }));
    const scheduling = await one(clerk, book());
    for (const client of clients) {
      await client.pull();
      expect(notices(client).map(({ data }) => data)).toEqual(
        expect.arrayContaining([
          { id, patientId, authorId: doctor.id, writtenAt: written, handedTo: null },
          { id: scheduling, patientId, authorId: clerk.id, writtenAt: written, handedTo: null },
        ]),
      );
      expect(client.wire.join("").includes(unseen)).toBe(false);
    }
    for (const client of others) {
      await client.pull();
      expect(client.wire.join("").includes(id)).toBe(false);
    }
    await decide(clinician, id, adopt);
    await decide(desk, scheduling, discard);
    for (const client of clients) {
      await client.pull();
      expect(notices(client)).toEqual([]);
    }
  });

  it("does not announce that a chart was opened: there is nothing in it to read", async () => {
    const client = testClient(practice, clinician2);
    client.want.push(chart);
    await one(doctor, mutation(doctor.session, n.doctor++, "patient.openChart", { id: patientId }));
    await client.pull();
    expect(notices(client)).toEqual([]);
    expect(await list(clinician)).toEqual([]);
  });
});

describe("a long list", () => {
  it("of clinical work hides nothing that is for the desk", async () => {
    for (let batch = 0; batch < 11; batch++)
      await doctor.deliver(Array.from({ length: 50 }, () => addAllergy()));
    const scheduling = await one(clerk, book());
    expect((await list(desk)).map(({ id }) => id)).toEqual([scheduling]);
    const { body } = await practice.request(desk, "GET", "/api/quarantine/waiting");
    expect(body).toEqual({ waiting: 1 });
    const clinical = (await list(clinician)).filter(({ name }) => name === "allergy.add");
    expect(clinical).toHaveLength(500);
  });
});
