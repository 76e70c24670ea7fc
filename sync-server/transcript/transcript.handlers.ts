import type { TranscriptRow } from "#domain/transcript/index.ts";
import { transcript } from "#domain/transcript/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { TranscriptEntity } from "./transcript.entity.ts";
import { unsealTranscript } from "./transcript.sealing.ts";

export const transcriptSlice = defineSlice({
  collection: transcript,
  entity: TranscriptEntity,
  handlers: {},
  /** A transcript whose visit key was destroyed shows no words any more. */
  reveal: async (practice, records) => {
    const rows: TranscriptRow[] = [];
    for (const record of records as TranscriptEntity[]) rows.push(await unsealTranscript(practice, record));
    return rows;
  },
});
