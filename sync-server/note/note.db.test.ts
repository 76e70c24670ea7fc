import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { emptyContent, type Note, noteIdOf, revisionHash } from "#domain/note/index.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { noteText, people, revise, startVisit, type TestVisit } from "../testing/visit.ts";

let practice: TestPractice;
let session: TestSession;
let visit: TestVisit;
let n = 1;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());
beforeEach(async () => {
  session = await practice.signIn("clinician");
  const started = await startVisit(practice, session);
  visit = started;
  n = started.next;
});

const push = async (...batch: ReturnType<typeof revise>[]) => {
  const { results } = await practice.push(session, batch);
  n += batch.length;
  return results.map(({ status, code }) => code ?? status);
};
const stored = async () =>
  (
    await practice.owner<
      Pick<Note, "content" | "alternatives" | "status" | "signature"> & {
        revision_id: string;
        revision_hash: string;
      }
    >("select * from note where id = $1", [visit.noteId])
  )[0]!;
const sign = (number: number, revisionId: string, hash: string, by = session) =>
  mutation(by, number, "note.sign", { id: visit.noteId, revisionId, hash });

describe("a note draft", () => {
  it("longer than anybody writes is refused, so that it does not hold up the queue", async () => {
    const doctor = await practice.signIn("clinician");
    const visit = await startVisit(practice, doctor);
    const long = Array.from({ length: 21 }, () => ({ text: "x".repeat(20_000), origin: "typed" as const }));
    const { results } = await practice.push(doctor, [
      revise(doctor, visit.next, visit, { ...noteText(""), subjective: long }),
      revise(doctor, visit.next + 1, visit, { ...noteText(""), subjective: long.slice(1) }),
    ]);
    expect(results.map(({ status, code }) => code ?? status)).toEqual(["invalid_arguments", "applied"]);
  });

  it("keeps both texts when two tablets write one section, and takes both sections otherwise", async () => {
    const [first, mine, theirs, other] = [newId(), newId(), newId(), newId()];
    const exam = {
      ...noteText("start"),
      objective_exam: [{ text: "lungs clear", origin: "typed" as const }],
    };
    expect(
      await push(
        revise(session, n, visit, noteText("start"), { revisionId: first }),
        revise(session, n + 1, visit, noteText("mine"), { revisionId: mine, base: first }),
        revise(session, n + 2, visit, noteText("theirs"), { revisionId: theirs, base: first }),
        revise(session, n + 3, visit, exam, {
          revisionId: other,
          base: first,
          changed: ["objective_exam"],
        }),
      ),
    ).toEqual(Array(4).fill("applied"));
    const note = await stored();
    expect(note.content.subjective).toEqual([{ text: "mine", origin: "typed" }]);
    expect(note.content.objective_exam).toEqual(exam.objective_exam);
    expect(note.alternatives).toMatchObject([
      { section: "subjective", revisionId: theirs, content: [{ text: "theirs" }], by: session.user.id },
    ]);
    const kept = await practice.owner("select id from note_revision where note_id = $1", [visit.noteId]);
    expect(kept).toHaveLength(4);
  });

  it("takes what stood on the screen for seen, also where the newest revision did not know of it", async () => {
    const [mine, hers, both, stale] = [newId(), newId(), newId(), newId()];
    const exam = (text: string) => ({
      ...noteText("mine"),
      objective_exam: [{ text, origin: "typed" as const }],
    });
    const changed = ["objective_exam" as const];
    expect(
      await push(
        revise(session, n, visit, noteText("mine"), { revisionId: mine }),
        // Written without a look at mine: the merged note stands on both, and its newest revision is hers.
        revise(session, n + 1, visit, exam("hers"), { revisionId: hers, changed }),
        revise(session, n + 2, visit, noteText("mine, and more"), {
          revisionId: both,
          base: hers,
          seen: [mine],
        }),
        revise(session, n + 3, visit, exam("stale"), {
          revisionId: stale,
          base: both,
          seen: [mine],
          changed,
        }),
      ),
    ).toEqual(Array(4).fill("applied"));
    const { content, alternatives } = await stored();
    expect(content.subjective).toEqual([{ text: "mine, and more", origin: "typed" }]);
    expect(content.objective_exam).toEqual([{ text: "hers", origin: "typed" }]);
    expect(alternatives).toMatchObject([{ revisionId: stale, content: [{ text: "stale" }] }]);
  });

  it("begun by two at once is one note with both their words", async () => {
    const nurse = await practice.signIn("nurse");
    for (let round = 1; round <= 8; round++) {
      const started = await startVisit(practice, session, n);
      n = started.next;
      const exam = { ...noteText(""), subjective: [], objective_exam: noteText("hers").subjective };
      const [mine, hers] = await Promise.all([
        practice.push(session, [revise(session, n++, started, noteText("mine"))]),
        practice.push(nurse, [revise(nurse, round, started, exam, { changed: ["objective_exam"] })]),
      ]);
      expect([...mine.results, ...hers.results].map(({ code, status }) => code ?? status)).toEqual([
        "applied",
        "applied",
      ]);
      const [note] = await practice.owner<Pick<Note, "content">>("select content from note where id = $1", [
        started.noteId,
      ]);
      expect(note!.content).toEqual({ ...noteText("mine"), objective_exam: exam.objective_exam });
    }
  });

  it("is known by the id that follows from its encounter; any other id or patient is refused", async () => {
    const wrong = [
      { ...visit, noteId: newId() },
      { ...visit, patientId: people.patient(6) },
      { ...visit, encounterId: newId(), noteId: noteIdOf(newId()) },
    ];
    expect(await push(...wrong.map((one, index) => revise(session, n + index, one, noteText("x"))))).toEqual([
      "invalid_arguments",
      "invalid_arguments",
      "missing_parent",
    ]);
  });

  it("refuses a base that is no revision of this note", async () => {
    expect(await push(revise(session, n, visit, noteText("x"), { base: newId() }))).toEqual([
      "unknown_revision",
    ]);
  });

  it("C11: is not signed while it holds words of a template that nobody accepted", async () => {
    const [open, taken] = [newId(), newId()];
    const content = (origin: "template" | "typed") => ({
      ...noteText("Cough."),
      objective_exam: [{ text: "Lungs: clear.", origin }],
    });
    expect(
      await push(
        revise(session, n, visit, content("template"), { revisionId: open }),
        sign(n + 1, open, revisionHash(visit.noteId, content("template"))),
      ),
    ).toEqual(["applied", "template_not_accepted"]);
    expect((await stored()).status).toBe("draft");
    expect(
      await push(
        revise(session, n, visit, content("typed"), {
          revisionId: taken,
          base: open,
          changed: ["objective_exam"],
        }),
        sign(n + 1, taken, revisionHash(visit.noteId, content("typed"))),
      ),
    ).toEqual(["applied", "applied"]);
  });

  it("is its author's: a second clinician may neither edit nor sign it, and the attempt is recorded", async () => {
    const revisionId = newId();
    await push(revise(session, n, visit, noteText("mine"), { revisionId }));
    const other = await practice.signIn("clinician2");
    const before = await practice.head();
    const { results } = await practice.push(other, [
      revise(other, 1, visit, noteText("not mine"), { base: revisionId }),
      sign(2, revisionId, revisionHash(visit.noteId, noteText("mine")), other),
    ]);
    expect(results.map(({ code }) => code)).toEqual(["not_yours", "not_yours"]);
    expect((await practice.audit(before)).map(({ action }) => action)).toEqual([
      "access.denied",
      "access.denied",
    ]);
    expect((await stored()).content.subjective[0]!.text).toBe("mine");
  });
});

describe("signing", () => {
  it("C08: seals exactly the revision that was seen, never a newer one", async () => {
    const [seen, newer] = [newId(), newId()];
    await push(
      revise(session, n, visit, noteText("seen"), { revisionId: seen }),
      revise(session, n + 1, visit, noteText("newer"), { revisionId: newer, base: seen }),
    );
    const hash = revisionHash(visit.noteId, noteText("seen"));
    const before = await practice.head();
    expect(await push(sign(n, seen, hash))).toEqual(["applied"]);
    expect(await practice.audit(before)).toMatchObject([{ action: "note.signed", after: hash }]);
    const note = await stored();
    expect(note.content).toEqual(noteText("seen"));
    expect(note).toMatchObject({ status: "signed", revision_id: seen, revision_hash: hash });
    expect(note.signature).toMatchObject({ by: session.user.id, revisionId: seen, hash });
    // The newer words are still there (I9).
    const kept = await practice.owner<{ content: unknown }>(
      "select content from note_revision where id = $1",
      [newer],
    );
    expect(kept[0]!.content).toEqual(noteText("newer"));
  });

  it("refuses a hash or a revision that the clinic does not know", async () => {
    const revisionId = newId();
    await push(revise(session, n, visit, noteText("text"), { revisionId }));
    const hash = revisionHash(visit.noteId, noteText("text"));
    expect(
      await push(
        sign(n, revisionId, revisionHash(visit.noteId, noteText("other"))),
        sign(n + 1, newId(), hash),
        sign(n + 2, revisionId, revisionHash(newId(), noteText("text"))),
      ),
    ).toEqual(Array(3).fill("unknown_revision"));
    expect((await stored()).status).toBe("draft");
  });

  it("ends every change: later words are refused and kept in the refusal, the same signature again is harmless", async () => {
    const revisionId = newId();
    await push(revise(session, n, visit, noteText("text"), { revisionId }));
    const hash = revisionHash(visit.noteId, noteText("text"));
    expect(
      await push(
        sign(n, revisionId, hash),
        sign(n + 1, revisionId, hash),
        revise(session, n + 2, visit, noteText("later"), { base: revisionId }),
        sign(n + 3, revisionId, revisionHash(visit.noteId, emptyContent())),
      ),
    ).toEqual(["applied", "note_signed", "note_signed", "note_signed"]);
    const again = "select status from sync_mutation where client_id = $1 and result->>'code' = 'note_signed'";
    expect((await practice.owner(again, [session.clientId])).map(({ status }) => status)).toEqual([
      "applied", // the same signature, which was there before
      "conflict",
      "conflict",
    ]);
  });

  it("is not for nurses", async () => {
    const nurse = await practice.signIn("nurse");
    const { results } = await practice.push(nurse, [sign(1, newId(), "0".repeat(64), nurse)]);
    expect(results[0]!.code).toBe("forbidden");
  });
});

describe("the database itself", () => {
  const attempt = async (sql: string) => {
    try {
      await practice.practice.ledger.transact(async ({ em, audit }) => {
        await em.execute(sql, [visit.noteId]);
        audit({ actor: { type: "system", id: "t" }, action: "note.revised", outcome: "ok" });
      });
      return "accepted";
    } catch (error) {
      return String(Reflect.get(error as object, "code"));
    }
  };
  const asOwner = (sql: string) =>
    practice.owner(sql, [visit.noteId]).then(
      () => "accepted",
      (error: unknown) => String(Reflect.get(error as object, "code")),
    );

  it("refuses to change a signed note or any revision, to the server's role and to the owner", async () => {
    const revisionId = newId();
    await push(revise(session, n, visit, noteText("text"), { revisionId }));
    await push(sign(n, revisionId, revisionHash(visit.noteId, noteText("text"))));
    for (const sql of [
      "update note set content = '{}' where id = ?",
      "update note set status = 'draft', signature = null where id = ?",
      "update note set patient_id = gen_random_uuid() where id = ?",
      "update note set author_id = encounter_id where id = ?",
    ]) {
      expect(await attempt(sql), sql).toBe("JE005");
      expect(await asOwner(sql.replace("?", "$1")), sql).toBe("JE005");
    }
    for (const sql of [
      "delete from note where id = $1",
      "update note_revision set content = '{}' where note_id = $1",
      "delete from note_revision where note_id = $1",
    ])
      expect(await asOwner(sql), sql).toBe("JE005");
    expect(await attempt("update note_revision set hash = '' where note_id = ?")).toBe("42501");
    expect((await stored()).content).toEqual(noteText("text"));
  });
});
