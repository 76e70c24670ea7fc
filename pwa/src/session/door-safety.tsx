import { useLingui } from "@lingui/react";
import { useConnection, useSession } from "#pwa/local/index.ts";
import classes from "./door-layout.module.css";

/**
 * Whether the tablet may be switched off, for whoever locked it or finds it locked. It counts what waits here, whoever wrote
 * it, and says nothing of whom.
 */
export function DoorSafety() {
  const { i18n } = useLingui();
  const { state, users } = useSession();
  const { waiting, offlineSince } = useConnection();
  // Another tab that works with the records knows; before the first sign-in there is nothing.
  if ((state !== "locked" && state !== "signed-out") || users.length === 0) return null;
  const words =
    waiting === 0
      ? offlineSince
        ? i18n._("The clinic does not answer.")
        : i18n._("Everything has been sent to the clinic.")
      : offlineSince
        ? i18n._(
            "{waiting, plural, one {# item waits} other {# items wait}} sealed on this tablet until the clinic answers. Leave it switched on.",
            { waiting },
          )
        : i18n._(
            "{waiting, plural, one {# item is} other {# items are}} on the way to the clinic. Leave the tablet switched on.",
            { waiting },
          );
  return (
    <p className={classes.safety} role="status">
      {words}
    </p>
  );
}
