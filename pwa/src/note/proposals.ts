import type { NoteSection, TextRun } from "#domain/note/index.ts";
import { evidenceRef, type TranscriptRow } from "#domain/transcript/index.ts";

/** A sentence of the draft, waiting to be taken into the note. */
export interface Proposal {
  readonly text: string;
  readonly heading: string | null;
  /** `<transcriptId>/<segmentId>` of everything it rests on. */
  readonly evidence: readonly string[];
  readonly confidence: number;
}

/** The sentences of all drafts of a visit, by section, in the order of the recordings. */
export function proposalsFor(transcripts: readonly TranscriptRow[]): Map<NoteSection, Proposal[]> {
  const bySection = new Map<NoteSection, Proposal[]>();
  for (const { id, draft } of transcripts)
    for (const section of draft?.sections ?? []) {
      const list = bySection.get(section.id) ?? [];
      for (const sentence of section.sentences)
        list.push({
          text: sentence.text,
          heading: sentence.heading ?? null,
          evidence: sentence.evidence.map((segment) => evidenceRef(id, segment)),
          confidence: sentence.confidence,
        });
      bySection.set(section.id, list);
    }
  return bySection;
}

/** Proposals as text of the note: each sentence keeps its own evidence, spaces between them belong to nobody. */
export const proposedRuns = (proposals: readonly Proposal[]): TextRun[] =>
  proposals.flatMap((proposal, index): TextRun[] => [
    ...(index > 0 ? [{ text: " ", origin: "typed" as const }] : []),
    { text: proposal.text, origin: "said", evidence: [...proposal.evidence] },
  ]);

/** Something that was said and that the draft left out, quoted. */
export interface Heard {
  readonly text: string;
  readonly evidence: readonly string[];
}

/** What the drafts of a visit left out, in the order of the recordings: a question stands with its answer. */
export function leftOut(transcripts: readonly TranscriptRow[]): Heard[] {
  return transcripts.flatMap(({ id, draft, segments }) => {
    const said = new Map(segments.map((segment) => [segment.id, segment.text]));
    return (draft?.omitted ?? []).map(({ text, evidence }) => {
      const lines = evidence.flatMap((segment) => said.get(segment) ?? []);
      return {
        text: (lines.length > 1 ? lines : [text]).map((line) => `“${line.trim()}”`).join(" "),
        evidence: evidence.map((segment) => evidenceRef(id, segment)),
      };
    });
  });
}
