import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useRecorder } from "#pwa/local/index.ts";
import { useKeepApplication, useUpdate } from "./kept.ts";
import classes from "./shell.module.css";

/** A new version waits until the person takes it; never while a visit is being recorded. */
export function UpdatePrompt() {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  useKeepApplication();
  const apply = useUpdate();
  if (!apply || recorder.state !== "idle") return null;
  return (
    <div className={classes.update} role="status">
      {i18n._("A new version of JamEMR is ready.")}
      <Button size="sm" h={44} variant="white" onClick={apply}>
        {i18n._("Use it now")}
      </Button>
    </div>
  );
}
