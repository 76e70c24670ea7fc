import type { TranscriptRow } from "#domain/transcript/index.ts";
import { useRows } from "#pwa/local/index.ts";

/**
 * What was said in a visit: the transcripts of its recordings. A recording that was moved takes its transcript along at
 * once, also while the clinic has not heard of the move.
 */
export function useVisitTranscripts(encounterId: string): readonly TranscriptRow[] {
  const { rows: recordings } = useRows("recording", { where: { encounterId } });
  const { rows } = useRows("transcript", { where: { recordingId: { in: recordings.map(({ id }) => id) } } });
  return rows;
}
