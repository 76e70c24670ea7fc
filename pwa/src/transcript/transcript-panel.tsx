import { useLingui } from "@lingui/react";
import { useState } from "react";
import type { TranscriptRow } from "#domain/transcript/index.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { durationText } from "#pwa/language/language.ts";
import { playSpan, usePlayback } from "#pwa/local/index.ts";
import { SpeakerName } from "./speaker-name.tsx";
import classes from "./transcript.module.css";
import { useVisitTranscripts } from "./use-visit-transcripts.ts";

/** Everything that was said in the visit, in the order of the recordings. A tap plays a line's own seconds. */
export function TranscriptPanel({ encounterId }: { readonly encounterId: string }) {
  const { i18n } = useLingui();
  const rows = useVisitTranscripts(encounterId);
  if (rows.length === 0) return null;
  return (
    <section className={classes.panel} aria-label={i18n._("Transcript")}>
      <h2 className={classes.title}>{i18n._("Transcript")}</h2>
      {rows.map((transcript) => (
        <Lines key={transcript.id} transcript={transcript} />
      ))}
    </section>
  );
}

function Lines({ transcript }: { readonly transcript: TranscriptRow }) {
  const { i18n } = useLingui();
  const playback = usePlayback();
  const [failure, setFailure] = useState<string | null>(null);
  if (transcript.destroyed)
    return (
      <p className={classes.words}>
        {i18n._("The sound and its transcript were destroyed. A signed note stays as it was signed.")}
      </p>
    );
  if (transcript.segments.length === 0)
    return <p className={classes.words}>{i18n._("No speech was heard.")}</p>;
  return (
    <>
      {failure && (
        <p role="alert" className={classes.words}>
          {failure}
        </p>
      )}
      <ol className={classes.lines}>
        {transcript.segments.map(({ id, start, end, speaker, text, flags }) => (
          <li key={id}>
            <button
              type="button"
              className={classes.line}
              data-playing={
                playback.state === "playing" &&
                playback.recordingId === transcript.recordingId &&
                playback.start === start
              }
              data-unsure={flags.length > 0}
              onClick={() => {
                setFailure(null);
                playSpan(transcript.recordingId, start, end).catch((error: unknown) =>
                  setFailure(errorText(error)),
                );
              }}
            >
              <span className={classes.time}>{durationText(start)}</span>
              <span>
                <SpeakerName speaker={speaker} /> {text}
                {flags.length > 0 && <span className={classes.unsure}> {i18n._("(unsure)")}</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
