import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { errorText } from "#pwa/language/error-text.ts";
import { timeText } from "#pwa/language/language.ts";
import { type Answered, ApiError, LocalError, useConnection, useSession } from "#pwa/local/index.ts";
import classes from "./online-only.module.css";
import { LoadingRows, State } from "./state.tsx";

interface OnlineOnlyProps<T> {
  readonly answered: Answered<T>;
  /** What is being opened, for people who listen. */
  readonly label: string;
  children(value: T): ReactNode;
}

/** A screen that shows what the clinic says: being opened, not to be had, or shown. {@link AsOf} says how fresh it is. */
export function OnlineOnly<T>({ answered, label, children }: OnlineOnlyProps<T>) {
  const { value, failure } = answered;
  if (value !== null) return <>{children(value)}</>;
  if (failure) return <NotLoaded {...answered} />;
  return <LoadingRows rows={5} label={label} />;
}

type NotLoadedProps = Pick<Answered<unknown>, "failure" | "busy" | "reload">;

/** Why the clinic's answer is missing, and the way to ask again. The code is for a call to practice IT. */
export function NotLoaded({ failure, busy, reload }: NotLoadedProps) {
  const { i18n } = useLingui();
  const offline = failure instanceof LocalError && failure.code === "offline";
  return (
    <State
      icon={offline ? IconCloudOff : IconAlertTriangle}
      title={offline ? i18n._("This needs the clinic") : i18n._("Could not be loaded")}
      urgent
      action={{ label: i18n._("Try again"), onClick: reload, busy }}
    >
      {errorText(failure)}
      {failure instanceof ApiError && (
        <p className={classes.code}>{i18n._("For your practice IT: {code}", { code: failure.code })}</p>
      )}
    </State>
  );
}

/** How fresh an answer of the clinic is, beside its heading: there from the beginning, so that nothing moves for it. */
export function AsOf({ at, failure }: Pick<Answered<unknown>, "at" | "failure">) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { offlineSince } = useConnection();
  const zone = practice?.zone ?? "UTC";
  const time = at ? timeText(at, zone) : "";
  const stale = at !== null && (offlineSince !== null || failure !== null);
  return (
    <p className={classes.asOf} data-stale={stale || undefined}>
      {at && !stale && i18n._("As of {time}", { time })}
      <span role="status">
        {stale &&
          (offlineSince
            ? i18n._("Offline since {since}, shown as of {time}", {
                since: timeText(offlineSince, zone),
                time,
              })
            : i18n._("Could not be loaded again, shown as of {time}", { time }))}
      </span>
    </p>
  );
}
