import { useLingui } from "@lingui/react";
import { IconCloudOff } from "@tabler/icons-react";
import { useChartPresence } from "#pwa/local/index.ts";
import classes from "./plain-list-state.module.css";

interface PlainListStateProps {
  readonly patientId: string;
  readonly count: number;
  readonly empty: string;
}

/** A list of which nobody says "none": it is here and empty, or it is not here (C01). */
export function PlainListState({ patientId, count, empty }: PlainListStateProps) {
  const { i18n } = useLingui();
  const here = useChartPresence(patientId) === "on-this-tablet";
  if (!here)
    return (
      <p className={classes.notHere}>
        <IconCloudOff size={20} aria-hidden />
        <strong>{i18n._("Not on this tablet")}</strong>
      </p>
    );
  return count === 0 ? <p className={classes.empty}>{empty}</p> : null;
}
