import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useSaving } from "#pwa/design/use-saving.ts";
import { durationText, timeText } from "#pwa/language/language.ts";
import { type InterruptedRecording, useRecorder, useSession } from "#pwa/local/index.ts";
import classes from "./cut-off-recordings.module.css";

/**
 * Recordings that a reload cut off, where no visit can be opened any more: they end with what is there, and are sent.
 * Going on is not offered, for nobody sees here whose visit it is. Shows no patient.
 */
export function CutOffRecordings() {
  const { interrupted } = useRecorder();
  return interrupted.map((one) => <CutOff key={one.recordingId} recording={one} />);
}

function CutOff({ recording }: { readonly recording: InterruptedRecording }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { actions } = useRecorder();
  const ending = useSaving();
  return (
    <div role="alert" className={classes.cutOff}>
      <div className={classes.words}>
        <strong>{i18n._("The recording was cut off")}</strong>
        <span>
          {i18n._("Begun at {start}. {time} are safe on this tablet.", {
            start: timeText(recording.startedAt, practice?.zone ?? "UTC"),
            time: durationText(recording.seconds),
          })}
        </span>
        {ending.failure && <span>{ending.failure}</span>}
      </div>
      <Button
        size="lg"
        fullWidth
        color="red"
        loading={ending.busy}
        leftSection={<IconPlayerStop size={20} aria-hidden />}
        onClick={() => void ending.save(() => actions.finishInterrupted(recording.recordingId))}
      >
        {i18n._("Finish with what is there")}
      </Button>
    </div>
  );
}
