import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { dateTimeText, timeText } from "#pwa/language/language.ts";
import type { TakenSlot, WantedSlot } from "./free-times.ts";
import { NothingFree } from "./nothing-free.tsx";
import classes from "./taken.module.css";
import type { Clinic } from "./use-clinic.ts";

interface TakenProps {
  readonly title: ReactNode;
  readonly clinic: Clinic;
  /** What was wanted: times on its day need no date. */
  readonly slot: Omit<WantedSlot, "id"> & { readonly id?: string };
  /** Who is to have it, where no appointment says so. */
  readonly patientId?: string;
  readonly nearest: readonly string[];
  readonly onTake: (start: string) => void;
  /** Books the taken time on purpose; absent where the role may not. */
  readonly onOverbook?: ((reason: string) => void) | undefined;
  readonly onOther?: (() => void) | undefined;
  readonly onLeave?: (() => void) | undefined;
  readonly leaveLabel?: string;
  /** Said at once when it appears. */
  readonly aloud?: boolean;
  readonly children?: ReactNode;
}

/** Why a time cannot be had. */
export const takenText = (i18n: I18n, time: string, { byDesk }: Pick<TakenSlot, "byDesk">): string =>
  byDesk ? i18n._("{time} is held for another desk.", { time }) : i18n._("{time} is taken.", { time });

/** A time that somebody else has: the nearest free ones, one tap each, and the deliberate way. */
export function Taken(props: TakenProps) {
  const { title, clinic, slot, nearest, onTake, onOverbook, onOther, onLeave, leaveLabel } = props;
  const { aloud = true, patientId, children } = props;
  const { i18n } = useLingui();
  const { zone } = clinic;
  const { id = "", clinicianId, minutes } = slot;
  const date = dateIn(zone, slot.start);
  const kept = useKeptForm(
    { form: "overbook", patientId, of: `${id} ${clinicianId} ${slot.start}` },
    { inside: true },
  );
  const [overbooking, setOverbooking] = useState(kept.from !== null);
  const [reason, setReason] = useKept(kept, "reason", "");
  const overbook = () => {
    if (reason.trim() !== "") onOverbook?.(reason.trim());
  };
  return (
    <section {...(aloud && { role: "alert" })} className={classes.taken}>
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
          <NothingFree
            clinic={clinic}
            wanted={{ id, clinicianId, minutes }}
            date={date}
            full={i18n._("Nothing is free near that time.")}
            onTake={onTake}
          />
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
          <KeptLine kept={kept} />
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
