import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { errorText } from "#pwa/language/error-text.ts";
import { type Answered, LocalError } from "#pwa/local/index.ts";
import classes from "./online-only.module.css";
import { LoadingRows, State } from "./state.tsx";

interface OnlineOnlyProps<T> {
  readonly answered: Answered<T>;
  /** What is being opened, for people who listen. */
  readonly label: string;
  children(value: T): ReactNode;
}

/** A screen that shows what the clinic says now: loading, failed, or shown with a word when it is not fresh any more. */
export function OnlineOnly<T>({ answered: { value, failure, reload }, label, children }: OnlineOnlyProps<T>) {
  const { i18n } = useLingui();
  const offline = failure instanceof LocalError && failure.code === "offline";
  if (value === null && failure)
    return (
      <State
        icon={offline ? IconCloudOff : IconAlertTriangle}
        title={offline ? i18n._("This needs the clinic") : i18n._("This cannot be shown now")}
        urgent
        action={{ label: i18n._("Try again"), onClick: reload }}
      >
        {errorText(failure)}
      </State>
    );
  if (value === null) return <LoadingRows rows={5} label={label} />;
  return (
    <>
      {failure !== null && (
        <p className={classes.stale} role="status">
          {i18n._("The clinic does not answer; this is what it said last.")}
        </p>
      )}
      {children(value)}
    </>
  );
}
