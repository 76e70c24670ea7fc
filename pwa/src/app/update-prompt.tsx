import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { after } from "#domain/kernel/clock.ts";
import { useRecorder } from "#pwa/local/index.ts";
import { type AppUpdate, watchForUpdates } from "#pwa/service-worker/app-update.ts";
import classes from "./shell.module.css";

/** Milliseconds after the first screen at which the application is put on the device; it fetches every file of it. */
const KEEP_AFTER = 3000;

let watching: AppUpdate | undefined;

/** A new version waits until the person takes it; never while a visit is being recorded. */
export function UpdatePrompt() {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const available = useUpdate();
  if (!available || recorder.state !== "idle") return null;
  return (
    <div className={classes.update} role="status">
      {i18n._("A new version of JamEMR is ready.")}
      <Button size="sm" h={44} variant="white" onClick={() => watching?.apply()}>
        {i18n._("Use it now")}
      </Button>
    </div>
  );
}

function useUpdate(): boolean {
  const [available, setAvailable] = useState(false);
  useEffect(() => {
    let end = () => {};
    const cancel = after(watching ? 0 : KEEP_AFTER, () => {
      watching ??= watchForUpdates();
      const update = watching;
      const look = () => setAvailable(update.available.get());
      look();
      end = update.available.subscribe(look);
    });
    return () => {
      cancel();
      end();
    };
  }, []);
  return available;
}
