import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import { dateTimeText, timeText } from "#pwa/language/language.ts";
import classes from "./taken.module.css";

interface TakenProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly zone: string;
  /** The day that was wanted: times on it need no date. */
  readonly date: string;
  readonly nearest: readonly string[];
  readonly onTake: (start: string) => void;
  /** Books the taken time on purpose; absent where the role may not. */
  readonly onOverbook?: ((reason: string) => void) | undefined;
  readonly onOther?: (() => void) | undefined;
  readonly onLeave?: (() => void) | undefined;
  readonly leaveLabel?: string;
}

/** A time that somebody else has: the nearest free ones, one tap each, and the deliberate way. */
export function Taken(props: TakenProps) {
  const { title, children, zone, date, nearest, onTake, onOverbook, onOther, onLeave, leaveLabel } = props;
  const { i18n } = useLingui();
  const [overbooking, setOverbooking] = useState(false);
  const [reason, setReason] = useState("");
  const overbook = () => {
    if (reason.trim() !== "") onOverbook?.(reason.trim());
  };
  return (
    <section role="alert" className={classes.taken}>
      <p className={classes.title}>
        <IconAlertTriangle size={20} aria-hidden />
        <strong>{title}</strong>
      </p>
      {children}
      <div className={classes.times}>
        {nearest.length > 0 ? (
          <>
            <span>{i18n._("Nearest free:")}</span>
            {nearest.map((start) => (
              <Button key={start} variant="light" onClick={() => onTake(start)}>
                {dateIn(zone, start) === date ? timeText(start, zone) : dateTimeText(start, zone)}
              </Button>
            ))}
          </>
        ) : (
          <span>{i18n._("Nothing is free near that time.")}</span>
        )}
        {onOther && (
          <Button variant="default" onClick={onOther}>
            {i18n._("Another time")}
          </Button>
        )}
        {onOverbook && !overbooking && (
          <Button variant="default" onClick={() => setOverbooking(true)}>
            {i18n._("Overbook")}
          </Button>
        )}
        {onLeave && (
          <Button variant="subtle" onClick={onLeave}>
            {leaveLabel ?? i18n._("Leave it")}
          </Button>
        )}
      </div>
      {overbooking && (
        <div className={classes.reason}>
          <TextInput
            label={i18n._("Why is this time booked twice?")}
            maxLength={200}
            autoComplete="off"
            ref={(input) => {
              if (input && document.activeElement !== input && reason === "") input.focus();
            }}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              overbook();
            }}
          />
          <Button disabled={reason.trim() === ""} onClick={overbook}>
            {i18n._("Overbook this time")}
          </Button>
        </div>
      )}
    </section>
  );
}
