import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { timeText } from "#pwa/language/language.ts";
import { type Connection, useConnection, useSession } from "#pwa/local/index.ts";
import classes from "./shell.module.css";

const icons = {
  saved: IconCloudCheck,
  waiting: IconCloudUp,
  offline: IconCloudOff,
  attention: IconAlertTriangle,
};

/** The one place that says whether work is safe, in words, on every screen. A tap shows what is waiting. */
export function ConnectionChip() {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const connection = useConnection();
  const IconOf = icons[connection.state];
  return (
    <div role="status">
      <Link to="/waiting" className={classes.chip} data-state={connection.state}>
        <IconOf size={20} stroke={2} aria-hidden />
        {words(i18n, connection, practice?.zone ?? "UTC")}
      </Link>
    </div>
  );
}

function words(i18n: ReturnType<typeof useLingui>["i18n"], connection: Connection, zone: string): string {
  const { state, waiting, attention, offlineSince, typing } = connection;
  if (state === "attention" && offlineSince)
    return i18n._("{attention, plural, one {# needs attention} other {# need attention}}, offline", {
      attention,
    });
  if (state === "attention")
    return i18n._("{attention, plural, one {# needs attention} other {# need attention}}", { attention });
  if (state === "offline") {
    const since = offlineSince ? timeText(offlineSince, zone) : "";
    return waiting > 0
      ? i18n._("Offline since {since}, {waiting} waiting", { since, waiting })
      : i18n._("Offline since {since}", { since });
  }
  if (state === "waiting" && waiting === 0 && typing) return i18n._("Saving what you wrote");
  if (state === "waiting") return i18n._("{waiting} waiting", { waiting });
  return i18n._("All saved to the clinic");
}
