import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { revisionHash } from "#domain/note/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { noteText, people, revise, startVisit, type TestVisit } from "../testing/visit.ts";

let practice: TestPractice;
let visit: TestVisit;
let author: AtWork;
let colleague: AtWork;
let nurse: AtWork;
const text = noteText("Written on the wrong chart.");
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());
beforeEach(async () => {
  author = await atWork(practice, "clinician");
  colleague = await atWork(practice, "clinician2");
  nurse = await atWork(practice, "nurse");
  const session = await practice.signIn("clinician");
  const started = await startVisit(practice, session);
  visit = started;
  const revisionId = newId();
  const hash = revisionHash(visit.noteId, text);
  await practice.push(session, [
    revise(session, started.next, visit, text, { revisionId }),
    mutation(session, started.next + 1, "note.sign", { id: visit.noteId, revisionId, hash }),
  ]);
});

const retraction = () => ({ id: visit.noteId, patientId: visit.patientId, reason: "Wrong patient" });
const words = () => ({
  id: newId(),
  noteId: visit.noteId,
  patientId: visit.patientId,
  text: "The X-ray came back normal.",
});
const stored = async () =>
  (
    await practice.owner("select status, content, signature, entered_in_error from note where id = $1", [
      visit.noteId,
    ])
  )[0]!;

describe("C06: a signed note entered in error", () => {
  it("is marked by its author: the text and its signature stay", async () => {
    const before = await stored();
    expect(await author.does("note.retract", retraction())).toBe("applied");
    expect(await stored()).toMatchObject({
      status: "signed",
      content: text,
      signature: before.signature,
      entered_in_error: { by: people.clinician, reason: "Wrong patient" },
    });
    const later = { ...retraction(), reason: "Another reason" };
    expect(await author.does("note.retract", later)).toBe("entry_closed");
    expect(await stored()).toMatchObject({ entered_in_error: { reason: "Wrong patient" } });
  });

  it("is not marked by anybody else, and a draft cannot be", async () => {
    expect(await colleague.does("note.retract", retraction())).toBe("not_yours");
    expect(await nurse.does("note.retract", retraction())).toBe("forbidden");
    expect((await stored()).entered_in_error).toBeNull();
    const session = await practice.signIn("clinician");
    const other = await startVisit(practice, session);
    await practice.push(session, [revise(session, other.next, other, noteText("draft"))]);
    expect(await author.does("note.retract", { ...retraction(), id: other.noteId })).toBe(
      "status_not_forward",
    );
  });
});

describe("C09: an addendum", () => {
  it("is written by any clinician under their own name, and changes nothing of the note", async () => {
    const before = await stored();
    const [mine, theirs] = [words(), words()];
    expect(await author.does("addendum.write", mine)).toBe("applied");
    expect(await colleague.does("addendum.write", theirs)).toBe("applied");
    const rows = await practice.owner("select author_id, text from addendum where note_id = $1 order by at", [
      visit.noteId,
    ]);
    expect(rows).toEqual([
      { author_id: people.clinician, text: mine.text },
      { author_id: people.clinician2, text: theirs.text },
    ]);
    expect(await stored()).toEqual(before);
    expect(await author.does("addendum.write", { ...mine, text: "changed" })).toBe("already_exists");
  });

  it("also follows a note that was entered in error, in its chart only, and never a draft", async () => {
    await author.does("note.retract", retraction());
    expect(await author.does("addendum.write", words())).toBe("applied");
    expect(await author.does("addendum.write", { ...words(), patientId: people.patient(1) })).toBe(
      "missing_parent",
    );
    const session = await practice.signIn("clinician");
    const other = await startVisit(practice, session);
    await practice.push(session, [revise(session, other.next, other, noteText("draft"))]);
    expect(await author.does("addendum.write", { ...words(), noteId: other.noteId })).toBe(
      "status_not_forward",
    );
  });

  it("is not for nurses", async () => {
    expect(await nurse.does("addendum.write", words())).toBe("forbidden");
  });
});
