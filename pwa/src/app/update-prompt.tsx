import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useRecorder } from "#pwa/local/index.ts";
import { watchForUpdates } from "#pwa/service-worker/app-update.ts";
import classes from "./shell.module.css";

const update = watchForUpdates();

/** A new version waits until the person takes it; never while a visit is being recorded. */
export function UpdatePrompt() {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const available = useSyncExternalStore(update.available.subscribe, update.available.get);
  if (!available || recorder.state !== "idle") return null;
  return (
    <div className={classes.update} role="status">
      {i18n._("A new version of JamEMR is ready.")}
      <Button size="sm" h={44} variant="white" onClick={() => update.apply()}>
        {i18n._("Use it now")}
      </Button>
    </div>
  );
}
