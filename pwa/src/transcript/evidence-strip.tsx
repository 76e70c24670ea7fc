import { useLingui } from "@lingui/react";
import { ActionIcon } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { TranscriptSegment } from "#domain/ai/job.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { durationText } from "#pwa/language/language.ts";
import { playSpan, stopPlayback, usePlayback, useRows } from "#pwa/local/index.ts";
import { SpeakerName } from "./speaker-name.tsx";
import classes from "./transcript.module.css";

interface Heard extends TranscriptSegment {
  readonly recordingId: string;
}

/** The segments that a sentence rests on, with the sound of exactly those seconds. The first one plays at once. */
export function EvidenceStrip({
  evidence,
  onClose,
}: {
  readonly evidence: readonly string[];
  readonly onClose: () => void;
}) {
  const { i18n } = useLingui();
  const { segments, destroyed } = useSegments(evidence);
  const playback = usePlayback();
  const [failure, setFailure] = useState<string | null>(null);
  const play = (segment: Heard) => {
    setFailure(null);
    playSpan(segment.recordingId, segment.start, segment.end).catch((error: unknown) =>
      setFailure(errorText(error)),
    );
  };
  const first = segments[0];
  const firstRef = first && `${evidence.join(" ")} ${first.recordingId}`;
  const playFirst = useRef(() => {});
  playFirst.current = () => first && play(first);
  // Plays once for each new evidence, as soon as its segments have been read.
  useEffect(() => {
    if (firstRef) playFirst.current();
    return stopPlayback;
  }, [firstRef]);
  return (
    <section
      className={classes.strip}
      aria-label={i18n._("What was said")}
      data-played={playback.last ? `${playback.last.start}-${playback.last.end}` : undefined}
    >
      <ul className={classes.segments}>
        {segments.map((segment) => {
          const playing =
            playback.state === "playing" &&
            playback.recordingId === segment.recordingId &&
            playback.start === segment.start;
          return (
            <li key={segment.id} className={classes.segment}>
              <ActionIcon
                variant="light"
                aria-label={playing ? i18n._("Stop") : i18n._("Play")}
                onClick={() => (playing ? stopPlayback() : play(segment))}
              >
                {playing ? (
                  <IconPlayerStop size={20} aria-hidden />
                ) : (
                  <IconPlayerPlay size={20} aria-hidden />
                )}
              </ActionIcon>
              <span className={classes.time}>{durationText(segment.start)}</span>
              <span>
                <SpeakerName speaker={segment.speaker} /> {segment.text}
              </span>
            </li>
          );
        })}
      </ul>
      {segments.length === 0 && (
        <p className={classes.words}>
          {destroyed
            ? i18n._("What was said was destroyed. A signed note stays as it was signed.")
            : i18n._("The transcript of this sentence is not on this tablet.")}
        </p>
      )}
      {failure && (
        <p role="alert" className={classes.words}>
          {failure}
        </p>
      )}
      <ActionIcon className={classes.close} aria-label={i18n._("Close")} onClick={onClose}>
        <IconX size={20} aria-hidden />
      </ActionIcon>
    </section>
  );
}

function useSegments(evidence: readonly string[]): {
  readonly segments: readonly Heard[];
  readonly destroyed: boolean;
} {
  const wanted = evidence.map((ref) => ref.split("/") as [string, string]);
  const { rows } = useRows("transcript", {
    where: { id: { in: wanted.map(([transcriptId]) => transcriptId) } },
  });
  const segments = wanted.flatMap(([transcriptId, segmentId]) => {
    const transcript = rows.find((row) => row.id === transcriptId);
    const segment = transcript?.segments.find((one) => one.id === segmentId);
    return transcript && segment ? [{ ...segment, recordingId: transcript.recordingId }] : [];
  });
  return { segments, destroyed: rows.some((row) => row.destroyed) };
}
