import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { after } from "#domain/kernel/clock.ts";
import { local, useAwaiting, useConnection } from "#pwa/local/index.ts";
import { LoadingRows, State } from "./state.tsx";
import { useSaving } from "./use-saving.ts";

/** Milliseconds: a moment without words while the clinic is found, and how long it may take before words are due. */
const MOMENT = 1000;
const LATE = 10_000;

/** In place of rows of this tablet's store that are on their way: from its disk, or for the first time from the clinic. */
export function Opening({ rows, label }: { readonly rows?: number; readonly label: string }) {
  const { i18n } = useLingui();
  const awaiting = useAwaiting();
  const offline = useConnection().offlineSince !== null;
  const asking = useSaving();
  const [moment, late] = [useElapsed(MOMENT), useElapsed(LATE)];
  if (awaiting && offline && moment)
    return (
      <State icon={IconCloudOff} title={i18n._("Not on this tablet yet")}>
        {i18n._("It comes by itself when the clinic answers.")}
      </State>
    );
  if (awaiting && late)
    return (
      <State
        icon={IconAlertTriangle}
        title={i18n._("Could not be loaded yet")}
        action={{
          label: i18n._("Try again"),
          onClick: () => void asking.save(local().syncNow),
          busy: asking.busy,
        }}
      >
        {i18n._("The clinic is asked again by itself. If this stays, call your practice IT.")}
      </State>
    );
  return <LoadingRows {...(rows && { rows })} label={label} />;
}

function useElapsed(milliseconds: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => after(milliseconds, () => setElapsed(true)), [milliseconds]);
  return elapsed;
}
