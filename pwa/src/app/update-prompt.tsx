import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState, useSyncExternalStore } from "react";
import { useRecorder } from "#pwa/local/index.ts";
import { type AppUpdate, watchForUpdates } from "#pwa/service-worker/app-update.ts";
import classes from "./shell.module.css";

let watching: AppUpdate | undefined;
/** Begins when the first screen stands: keeping the application on the device must not delay it. */
const watch = (): AppUpdate => {
  watching ??= watchForUpdates();
  return watching;
};

/** A new version waits until the person takes it; never while a visit is being recorded. */
export function UpdatePrompt() {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const [update] = useState(watch);
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
