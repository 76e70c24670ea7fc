import { canonical, digest } from "../kernel/canonical.ts";
import { type Note, type NoteContent, type NoteSection, noteSections, type TextRun } from "./note.schema.ts";

export const sectionText = (runs: readonly TextRun[]): string => runs.map((run) => run.text).join("");

/** What a signature names: SHA-256 over the RFC 8785 text of the note's id and its whole content. */
export const revisionHash = (noteId: string, content: NoteContent): string => digest({ noteId, content });

export const sameSection = (a: readonly TextRun[], b: readonly TextRun[]): boolean =>
  canonical(a) === canonical(b);

export interface Revision {
  readonly id: string;
  readonly base: string | null;
  readonly content: NoteContent;
  readonly changed: readonly NoteSection[];
  readonly by: string;
  readonly at: string;
}

/**
 * Merges a revision into the note, section by section. A section that somebody else changed since the revision's base
 * keeps the text it has, and the new words are kept beside it as an alternative: nobody's words disappear. When the
 * note is exactly what the author saw, the revision's own id and hash become the note's.
 *
 * `seen` holds the revisions that the author had seen in the changed sections.
 */
export function mergeRevision(note: Note, revision: Revision, seen: ReadonlySet<string>): Note {
  const content: NoteContent = { ...note.content };
  const sectionRevisions = { ...note.sectionRevisions };
  const alternatives = [...note.alternatives];
  for (const section of revision.changed) {
    const theirs = note.sectionRevisions[section];
    const mine = revision.content[section];
    const unseen = theirs !== null && !seen.has(theirs);
    if (unseen && !sameSection(note.content[section], mine)) {
      alternatives.push({
        section,
        content: mine,
        revisionId: revision.id,
        by: revision.by,
        at: revision.at,
      });
    } else {
      content[section] = mine;
      sectionRevisions[section] = revision.id;
    }
  }
  return {
    ...note,
    content,
    sectionRevisions,
    alternatives,
    revisionId: revision.id,
    revisionHash: revisionHash(note.id, content),
    updatedAt: revision.at,
  };
}

/**
 * A section without the sentences that rest only on these transcripts, and without the gaps they leave. Typed words, and
 * sentences that rest on another recording as well, stay. Returns the very same list when nothing goes.
 */
export function withoutTranscripts(
  runs: readonly TextRun[],
  transcriptIds: ReadonlySet<string>,
): readonly TextRun[] {
  const goes = ({ evidence }: TextRun) =>
    evidence !== undefined &&
    evidence.length > 0 &&
    evidence.every((ref) => transcriptIds.has(ref.split("/")[0]!));
  if (!runs.some(goes)) return runs;
  const kept: TextRun[] = [];
  for (const run of runs) {
    if (!goes(run)) kept.push(run);
    else if (kept.at(-1)?.text.trim() === "") kept.pop();
  }
  if (kept[0]?.text.trim() === "") kept.shift();
  return kept;
}

export const changedSections = (before: NoteContent, after: NoteContent): NoteSection[] =>
  noteSections.filter((section) => !sameSection(before[section], after[section]));
