import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useEffect } from "react";
import { type Capture, soundIdOf } from "#domain/capture/index.ts";
import itemList from "#pwa/design/item-list.module.css";
import { useSaving } from "#pwa/design/use-saving.ts";
import { durationText } from "#pwa/language/language.ts";
import { playSpan, stopPlayback, usePlayback } from "#pwa/local/index.ts";
import { consentText } from "#pwa/recording/index.ts";
import classes from "./unassigned.module.css";

interface CaptureSoundProps {
  readonly captureId: string;
  readonly sound: NonNullable<Capture["sound"]>;
}

/** What was said, to listen to, once all of it is at the clinic. */
export function CaptureSound({ captureId, sound }: CaptureSoundProps) {
  const { i18n } = useLingui();
  const id = soundIdOf(captureId);
  const playback = usePlayback();
  const playing = useSaving();
  useEffect(() => stopPlayback, []);
  const seconds = sound.parts.reduce((end, part) => Math.max(end, part.startOffset + part.seconds), 0);
  const runs = playback.recordingId === id && playback.state !== "idle" && playback.state !== "failed";
  return (
    <div className={classes.sound}>
      {sound.stored ? (
        <Button
          variant="default"
          leftSection={
            runs ? <IconPlayerStop size={20} aria-hidden /> : <IconPlayerPlay size={20} aria-hidden />
          }
          onClick={() => (runs ? stopPlayback() : void playing.save(() => playSpan(id, 0, seconds)))}
        >
          {runs ? i18n._("Stop") : i18n._("Play the recording, {time}", { time: durationText(seconds) })}
        </Button>
      ) : (
        <p className={itemList.meta}>{i18n._("The recording has not arrived yet.")}</p>
      )}
      <p className={itemList.meta}>{consentText(i18n, sound.consent)}</p>
      {playing.failure && <p role="alert">{playing.failure}</p>}
    </div>
  );
}
