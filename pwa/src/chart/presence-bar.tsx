import { useLingui } from "@lingui/react";
import { IconCloudOff, IconLoader2 } from "@tabler/icons-react";
import { useChartPresence } from "#pwa/local/index.ts";
import classes from "./chart.module.css";

/** C01: a chart that is not here never looks like an empty one. */
export function PresenceBar({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const presence = useChartPresence(patientId);
  if (presence === "on-this-tablet") return null;
  const arriving = presence === "arriving";
  const IconOf = arriving ? IconLoader2 : IconCloudOff;
  return (
    <p className={classes.presence} role="status" data-arriving={arriving}>
      <IconOf size={22} aria-hidden />
      <span>
        <strong>
          {arriving ? i18n._("The chart is on its way") : i18n._("This chart is not on this tablet")}
        </strong>{" "}
        {arriving
          ? i18n._("It is being fetched from the clinic.")
          : i18n._(
              "It was asked for and comes as soon as the clinic answers. What you enter is kept and sent.",
            )}
      </span>
    </p>
  );
}
