import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Appointment } from "#domain/appointment/index.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { say } from "#pwa/design/toast.tsx";
import { codeText, errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { local, mutate, type OutboxItem, useOutbox, useRow } from "#pwa/local/index.ts";
import classes from "./taken.module.css";
import { Taken } from "./taken.tsx";
import type { Clinic } from "./use-clinic.ts";

interface RefusedNoticesProps {
  readonly clinic: Clinic;
  readonly mayOverbook: boolean;
  readonly onMove: (appointmentId: string) => void;
}

const booking = ["appointment.book", "appointment.walkIn", "appointment.move"] as const;
type BookingName = (typeof booking)[number];
const isBooking = (name: string): name is BookingName => (booking as readonly string[]).includes(name);

/** What the clinic refused later: said on the board, with a way on for each. Nothing goes until somebody decides. */
export function RefusedNotices({ clinic, mayOverbook, onMove }: RefusedNoticesProps) {
  const items = useOutbox();
  const refused = items.filter(({ status }) => status === "refused");
  const taken = refused.filter(({ name, code }) => isBooking(name) && code === "slot_taken");
  const follow = new Set(taken.map(({ rowId }) => rowId));
  const others = refused.filter(
    (item) =>
      !taken.includes(item) &&
      (item.name.startsWith("appointment.") || item.name.startsWith("wait-list.")) &&
      !follow.has(followed(item)),
  );
  return (
    <>
      {taken.map((item) => (
        <SlotTaken
          key={item.n}
          item={item}
          after={refused.filter((one) => one !== item && followed(one) === item.rowId)}
          clinic={clinic}
          mayOverbook={mayOverbook}
          onMove={onMove}
        />
      ))}
      {others.map((item) => (
        <Refusal key={item.n} item={item} />
      ))}
    </>
  );
}

/** The appointment that a change was about. */
const followed = ({ name, rowId, args }: OutboxItem): string =>
  name === "wait-list.fulfil" ? String(args.appointmentId) : rowId;

const nearestOf = (detail: unknown): readonly string[] => {
  const { nearest } = (detail ?? {}) as { nearest?: unknown };
  return Array.isArray(nearest) ? nearest.filter((one) => typeof one === "string") : [];
};

interface SlotTakenProps {
  readonly item: OutboxItem;
  /** Changes of the same appointment that were refused because it is not there: they go again with it. */
  readonly after: readonly OutboxItem[];
  readonly clinic: Clinic;
  readonly mayOverbook: boolean;
  readonly onMove: (appointmentId: string) => void;
}

function SlotTaken({ item, after, clinic, mayOverbook, onMove }: SlotTakenProps) {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", item.patientId ?? "");
  const { zone } = clinic;
  const args = item.args as ArgsOf<BookingName>;
  const name = patient ? patientName(patient) : i18n._("Not on this tablet");
  const clinician = clinic.staff.get(args.clinicianId)?.name ?? "";
  const take = async (change: Partial<Pick<Appointment, "start" | "overbookReason">>) => {
    try {
      await mutate(item.name, { ...args, ...change } as never);
      await local().outbox.dismiss(item.n);
      for (const { n } of after) await local().outbox.sendAgain(n);
    } catch (error) {
      say(errorText(error));
    }
  };
  const leave = async () => {
    for (const { n } of [item, ...after]) await local().outbox.dismiss(n);
  };
  const moving = item.name === "appointment.move";
  const words = { name, time: dateTimeText(args.start, zone), clinician };
  return (
    <div className={classes.notice}>
      <Taken
        title={
          moving
            ? i18n._("{name} could not be moved: {time} with {clinician} was just taken.", words)
            : i18n._("{name} is not booked: {time} with {clinician} was just taken.", words)
        }
        zone={zone}
        date={dateIn(zone, args.start)}
        nearest={nearestOf(item.detail)}
        onTake={(start) => void take({ start })}
        onOverbook={mayOverbook ? (overbookReason) => void take({ overbookReason }) : undefined}
        onOther={
          moving
            ? () => {
                onMove(item.rowId);
                void leave();
              }
            : undefined
        }
        onLeave={() => void leave()}
        leaveLabel={moving ? i18n._("Leave it where it is") : i18n._("Do not book")}
      />
    </div>
  );
}

function Refusal({ item }: { readonly item: OutboxItem }) {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", item.patientId ?? "");
  return (
    <section role="alert" className={`${classes.taken} ${classes.notice}`}>
      <p className={classes.title}>
        <IconAlertTriangle size={20} aria-hidden />
        <strong>
          {patient && `${patientName(patient)}: `}
          {i18n._("The clinic refused a change.")}
        </strong>
      </p>
      <div className={classes.times}>
        <span>{item.code ? codeText(item.code) : ""}</span>
        <Button variant="default" onClick={() => void local().outbox.sendAgain(item.n)}>
          {i18n._("Send again")}
        </Button>
        <Button variant="subtle" onClick={() => void local().outbox.dismiss(item.n)}>
          {i18n._("Leave it")}
        </Button>
      </div>
    </section>
  );
}
