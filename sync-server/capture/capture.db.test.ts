import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSalt } from "#domain/capture/index.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { unreadable } from "#domain/sync/envelope.ts";
import { mutationHash, type PushResult } from "#domain/sync/protocol.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { deviceProof, envelope, newTabletKey, signInTablet, type Tablet } from "../testing/test-tablet.ts";
import { people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: AtWork;
let nurse: AtWork;
beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await atWork(practice, "clinician");
  nurse = await atWork(practice, "nurse");
});
afterAll(() => practice.close());

const written = (text = "Rash since Tuesday") => ({
  id: newId(),
  label: "Boy with a rash, room 2",
  text,
  salt: newSalt(),
});
const rowOf = async (id: string) =>
  (await practice.owner<Record<string, unknown>>("select * from capture where id = $1", [id]))[0];
const streamOf = async (username: string, id: string) => {
  const client = testClient(practice, await practice.signIn(username));
  await client.pull();
  expect(client.streams.has("intake"), username).toBe(
    ["clinician", "clinician2", "nurse"].includes(username),
  );
  return [...client.published.keys()].find((key) => key.endsWith(`/${id}`));
};
const deliver = async (tablet: Tablet, ...envelopes: Awaited<ReturnType<typeof envelope>>[]) => {
  const path = "/api/sync/deliver";
  const proof = await deviceProof(practice, tablet, "POST", path);
  return (await practice.request<PushResult>(proof, "POST", path, { envelopes })).body.results;
};

describe("what was written without reading (C23)", () => {
  it("waits in intake for nurses and clinicians, and for nobody else", async () => {
    const args = written();
    const before = await practice.head();
    expect(await clinician.does("capture.write", args)).toBe("applied");
    expect(await practice.audit(before)).toMatchObject([
      { action: "capture.written", outcome: "ok", actor: { id: people.clinician } },
    ]);
    expect(await rowOf(args.id)).toMatchObject({ stream: "intake", author_id: people.clinician });
    for (const username of ["clinician2", "nurse"])
      expect(await streamOf(username, args.id), username).toBe(`intake/${args.id}`);
    for (const username of ["frontdesk", "admin", "it", "privacy", "security"])
      expect(await streamOf(username, args.id), username).toBeUndefined();
  });

  it("is refused to whoever sees no patients, and that stands in the log", async () => {
    for (const username of ["frontdesk", "admin", "it", "privacy", "security"]) {
      const other = await atWork(practice, username);
      const { id } = written();
      const before = await practice.head();
      expect(await other.does("capture.write", { id, label: "", text: "x", salt: newSalt() }), username).toBe(
        "forbidden",
      );
      expect(await other.does("capture.match", { id, patientId: people.patient(3) }), username).toBe(
        "forbidden",
      );
      expect(await other.does("capture.discard", { id, reason: "Not needed" }), username).toBe("forbidden");
      expect(await other.does("capture.open", { id }), username).toBe("forbidden");
      const records = await practice.audit(before);
      expect(
        records.map(({ action, outcome }) => `${action} ${outcome}`),
        username,
      ).toEqual(Array(4).fill("access.denied denied"));
    }
  });

  it("that is refused waits for review, because its author cannot read it any more", async () => {
    const desk = await atWork(practice, "frontdesk");
    const answer = await desk.result("capture.write", written("Words of the desk"));
    expect(answer).toMatchObject({ status: "quarantined", code: "forbidden" });
    const kept = await practice.owner("select 1 from quarantine where user_id = $1 and reason = 'sealed'", [
      people.frontdesk,
    ]);
    expect(kept.length).toBeGreaterThan(0);
  });

  it("grows with each pause, keeps what stood there before, and is its author's alone", async () => {
    const args = written("Rash");
    await clinician.does("capture.write", args);
    expect(await clinician.does("capture.write", { ...args, text: "Rash and fever" })).toBe("applied");
    expect(await rowOf(args.id)).toMatchObject({ text: "Rash and fever" });
    const kept = await practice.owner<{ data: unknown }>(
      "select data from row_history where record_id = $1",
      [args.id],
    );
    expect(JSON.stringify(kept)).toContain('"Rash"');
    expect(await nurse.does("capture.write", args)).toBe("not_yours");
  });

  it("arrives under the device key, and the same when the tablet pushes what it cannot open", async () => {
    const tablet = await signInTablet(practice, "clinician");
    const make = (n: number) => mutation(tablet.session, n, "capture.write", written(`Words ${n}`));
    const [first, second] = [make(1), make(2)];
    expect(await deliver(tablet, await envelope(tablet, first))).toMatchObject([{ n: 1, status: "applied" }]);
    const sealed = [await envelope(tablet, first), await envelope(tablet, second)];
    const pushed = sealed.map((one) => unreadable(one, "clinician"));
    const { results } = await practice.push(tablet.session, pushed);
    expect(results.map(({ status }) => status)).toEqual(["applied", "applied"]);
    expect(await rowOf(second.args.id)).toMatchObject({ text: "Words 2", author_id: people.clinician });
    const again = await deliver(tablet, sealed[1]!);
    expect(again).toMatchObject([{ n: 2, status: "applied", seq: results[1]!.seq! }]);
  });

  it("that is signed by somebody else, or is another's, is not opened in a push: it waits for review", async () => {
    const tablet = await signInTablet(practice, "clinician");
    const other = await signInTablet(practice, "nurse");
    const one = mutation(tablet.session, 1, "capture.write", written());
    const forged = await envelope({ ...tablet, signingKey: await newTabletKey() }, one);
    const { results } = await practice.push(tablet.session, [unreadable(forged, "clinician")]);
    expect(results).toMatchObject([{ status: "quarantined", code: "envelope_unreadable" }]);
    const theirs = await envelope(other, mutation(other.session, 2, "capture.write", written()));
    const taken = { ...unreadable(theirs, "clinician"), actor: tablet.session.user.id };
    const { results: stolen } = await practice.push(tablet.session, [
      { ...taken, hash: mutationHash(taken) },
    ]);
    expect(stolen).toMatchObject([{ status: "quarantined", code: "envelope_unreadable" }]);
    expect(await rowOf(one.args.id)).toBeUndefined();
  });
});

describe("matching", () => {
  it("puts it into the chart under its author's name, tells the author, and says so to whoever comes second", async () => {
    const args = written();
    const patientId = people.patient(5);
    await clinician.does("capture.write", args);
    const before = await practice.head();
    expect(await nurse.does("capture.open", { id: args.id })).toBe("applied");
    expect(await nurse.does("capture.match", { id: args.id, patientId })).toBe("applied");
    expect(await practice.audit(before)).toMatchObject([
      { action: "capture.opened", actor: { id: people.nurse } },
      { action: "capture.matched", actor: { id: people.nurse }, patientId },
    ]);
    expect(await rowOf(args.id)).toMatchObject({
      stream: `chart:${patientId}`,
      author_id: people.clinician,
      decided_by: people.nurse,
      text: args.text,
    });
    expect(
      await practice.owner(
        "select 1 from message where to_id = $1 and from_id = $2 and patient_id = $3 and kind = 'clinical'",
        [people.clinician, people.nurse, patientId],
      ),
    ).toHaveLength(1);
    const second = await atWork(practice, "clinician2");
    const late = await second.result("capture.match", { id: args.id, patientId: people.patient(6) });
    expect(late).toMatchObject({
      status: "conflict",
      code: "capture_decided",
      detail: { status: "matched" },
    });
    expect(await second.does("capture.discard", { id: args.id, reason: "Not needed" })).toBe(
      "capture_decided",
    );
    expect(await rowOf(args.id)).toMatchObject({ patient_id: patientId });
  });

  it("keeps words that arrive after the decision as a note of their own", async () => {
    const args = written("First words");
    await clinician.does("capture.write", args);
    await nurse.does("capture.match", { id: args.id, patientId: people.patient(5) });
    expect(await clinician.does("capture.write", { ...args, text: "First words, and more" })).toBe("applied");
    expect(await rowOf(args.id)).toMatchObject({ text: "First words", status: "matched" });
    const [late] = await practice.owner("select * from capture where text = $1", ["First words, and more"]);
    expect(late).toMatchObject({ status: "waiting", stream: "intake", author_id: people.clinician });
  });

  it("takes a visit of that patient only, at once or later, and a chart that may be opened", async () => {
    const session = await practice.signIn("clinician");
    const visit = await startVisit(practice, session, 1, people.patient(8));
    const args = written();
    await clinician.does("capture.write", args);
    const match = { id: args.id, encounterId: visit.encounterId };
    expect(await nurse.does("capture.match", { ...match, patientId: people.patient(9) })).toBe(
      "invalid_arguments",
    );
    expect(await nurse.does("capture.match", { id: args.id, patientId: newId() })).toBe("missing_parent");
    expect(await nurse.does("capture.match", { id: newId(), patientId: people.patient(8) })).toBe(
      "missing_parent",
    );
    expect(await nurse.does("capture.match", { id: args.id, patientId: people.patient(8) })).toBe("applied");
    expect(await nurse.does("capture.match", { ...match, patientId: people.patient(8) })).toBe("applied");
    expect(await nurse.does("capture.match", { ...match, patientId: people.patient(8) })).toBe(
      "capture_decided",
    );
    expect(await rowOf(args.id)).toMatchObject({ encounter_id: visit.encounterId });
  });

  it("is refused into a chart that is restricted to others", async () => {
    const patientId = people.patient(12);
    const insider = await atWork(practice, "clinician2");
    const restriction = { id: careTeamIdOf(patientId), patientId, memberIds: [people.clinician2] };
    expect(await insider.does("care-team.restrict", restriction)).toBe("applied");
    const args = written();
    await clinician.does("capture.write", args);
    expect(await nurse.does("capture.match", { id: args.id, patientId })).toBe("chart_restricted");
  });
});

describe("discarding", () => {
  it("takes it out of every tray, keeps it with the reason, and tells the author", async () => {
    const args = written();
    await clinician.does("capture.write", args);
    expect(await nurse.does("capture.discard", { id: args.id, reason: "x" })).toBe("invalid_arguments");
    const before = await practice.head();
    expect(await nurse.does("capture.discard", { id: args.id, reason: "Written twice" })).toBe("applied");
    const records = await practice.audit(before);
    expect(records).toMatchObject([{ action: "capture.discarded", actor: { id: people.nurse } }]);
    expect(JSON.stringify(records)).not.toContain("Written twice");
    expect(await rowOf(args.id)).toMatchObject({ stream: null, reason: "Written twice", text: args.text });
  });
});

it("goes back to the tray from the wrong chart, with a trail, and from a chart that may be opened only (C05)", async () => {
  const args = written();
  const patientId = people.patient(5);
  const back = { id: args.id, patientId, reason: "It was her sister" };
  await clinician.does("capture.write", args);
  expect(await nurse.does("capture.release", back)).toBe("capture_decided");
  await nurse.does("capture.match", { id: args.id, patientId });
  expect(await nurse.does("capture.release", { ...back, patientId: people.patient(6) })).toBe(
    "capture_decided",
  );
  expect(await (await atWork(practice, "frontdesk")).does("capture.release", back)).toBe("forbidden");
  const before = await practice.head();
  expect(await nurse.does("capture.release", back)).toBe("applied");
  expect(await practice.audit(before)).toMatchObject([{ action: "capture.released", patientId }]);
  expect(await rowOf(args.id)).toMatchObject({ stream: "intake", patient_id: null, reason: back.reason });
  expect(await nurse.does("capture.match", { id: args.id, patientId: people.patient(6) })).toBe("applied");
});

it("is listed without its words to the privacy officer, and to nobody else by that way", async () => {
  const args = written("LISTED-WORDS");
  await clinician.does("capture.write", args);
  const privacy = await practice.signIn("privacy");
  const { status, text } = await practice.request(privacy, "GET", "/api/captures");
  expect(status).toBe(200);
  expect(text).toContain(args.id);
  expect(text).not.toContain("LISTED-WORDS");
  expect(text).not.toContain(args.label);
  for (const username of ["clinician", "nurse", "frontdesk", "admin", "it", "security"])
    expect((await practice.request(await practice.signIn(username), "GET", "/api/captures")).status).toBe(
      403,
    );
});
