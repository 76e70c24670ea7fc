import { useLingui } from "@lingui/react";
import { Button, Group } from "@mantine/core";
import { IconPlayerPause, IconPlayerStop } from "@tabler/icons-react";
import { durationText } from "#pwa/language/language.ts";
import { useRecorder } from "#pwa/local/index.ts";
import classes from "./recorder.module.css";

/** Stop and Pause of a running recording, usable while the tablet is locked (C24). Shows no patient. */
export function RecordingLockBar() {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const running = recorder.state === "recording";
  return (
    <div className={classes.lockBar}>
      <div className={classes.clock} data-running={running}>
        <span className={classes.dot} aria-hidden />
        <span role="timer">{durationText(recorder.elapsed)}</span>
        <span className={classes.clockWords}>
          {running ? i18n._("Recording goes on") : i18n._("Recording paused")}
        </span>
      </div>
      <Group grow>
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={20} aria-hidden />}
          onClick={() => (running ? recorder.actions.pause() : recorder.actions.resume())}
        >
          {running ? i18n._("Pause") : i18n._("Go on")}
        </Button>
        <Button
          color="red"
          leftSection={<IconPlayerStop size={20} aria-hidden />}
          onClick={() => recorder.actions.stop()}
        >
          {i18n._("Stop")}
        </Button>
      </Group>
    </div>
  );
}
