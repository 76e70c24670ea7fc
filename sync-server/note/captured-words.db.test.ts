import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSalt } from "#domain/capture/index.ts";
import { newId } from "#domain/kernel/id.ts";
import {
  changedSections,
  emptyContent,
  type NoteContent,
  revisionHash,
  sectionText,
} from "#domain/note/index.ts";
import { capturedRuns, sectionsWith } from "#domain/note/text-runs.ts";
import { atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { noteText, people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

describe("words of a capture in the note of its visit (C11, C26)", () => {
  it("go in by whoever may write that note, keep whose they are to the signature, and not after it", async () => {
    const nurse = await atWork(practice, "nurse");
    const args = {
      id: newId(),
      label: "Boy with a rash",
      text: "Rash since Tuesday,\nmother agrees to a cream",
      salt: newSalt(),
    };
    await nurse.does("capture.write", args);
    const doctor = await atWork(practice, "clinician");
    const visit = await startVisit(practice, await practice.signIn("clinician"), 1, people.patient(8));
    const { patientId, encounterId, noteId } = visit;
    await nurse.does("capture.match", { id: args.id, patientId, encounterId });

    const runs = capturedRuns(args, "Jonas Lindqvist, RN, written without the record in sight:");
    const first = noteText("Here for follow-up.");
    const content = { ...first, objective_exam: runs };
    const revision = (revisionId: string, words: NoteContent, base: string | null = null) => ({
      id: noteId,
      encounterId,
      patientId,
      revisionId,
      base,
      content: words,
      changed: changedSections(emptyContent(), words),
      kind: "visit" as const,
    });
    const colleague = await atWork(practice, "clinician2");
    expect(await colleague.does("note.revise", revision(newId(), content))).toBe("not_yours");
    const [begun, put] = [newId(), newId()];
    expect(await doctor.does("note.revise", revision(begun, first))).toBe("applied");
    expect(await nurse.does("note.revise", revision(put, content, begun))).toBe("applied");
    const hash = revisionHash(noteId, content);
    expect(await doctor.does("note.sign", { id: noteId, revisionId: put, hash })).toBe("applied");
    const [note] = await practice.owner<{ content: NoteContent }>("select content from note where id = $1", [
      noteId,
    ]);
    expect(sectionsWith(note!.content, args.id)).toEqual(["objective_exam"]);
    expect(sectionText(note!.content.objective_exam)).toContain("Jonas Lindqvist, RN");
    expect(await doctor.does("note.revise", revision(newId(), content, put))).toBe("note_signed");
    const text = sectionText(runs);
    expect(await colleague.does("addendum.write", { id: newId(), noteId, patientId, text })).toBe("applied");
  });
});
