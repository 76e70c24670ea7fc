import { useLingui } from "@lingui/react";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { Appointment } from "#domain/appointment/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { dateIn, instantIn, timeIn } from "#domain/kernel/instant.ts";
import { Sheet } from "#pwa/design/sheet.tsx";
import { dateTimeText, dayText, timeText } from "#pwa/language/language.ts";
import { useConnection } from "#pwa/local/index.ts";
import { LengthChoice } from "./booking-sheet.tsx";
import { typedInstant, usualHours } from "./day-frame.ts";
import { freeTimes, takenSlot } from "./free-times.ts";
import { HeldBy } from "./held-by.tsx";
import { leaseFor, promisesOf } from "./leases.ts";
import { NothingFree } from "./nothing-free.tsx";
import classes from "./sheets.module.css";
import taken from "./taken.module.css";
import { Taken, takenText } from "./taken.tsx";
import { type Clinic, useClinicDay } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";

interface MoveSheetProps {
  readonly appointment: Appointment;
  readonly name: string;
  readonly clinic: Clinic;
  readonly desk: Desk;
  readonly mayOverbook: boolean;
  readonly onClose: () => void;
  readonly onMoved: (start: string) => void;
}

/** The tap path of dragging: the free times of a day, one tap each. */
export function MoveSheet({
  appointment,
  name,
  clinic,
  desk,
  mayOverbook,
  onClose,
  onMoved,
}: MoveSheetProps) {
  const { i18n } = useLingui();
  const { zone } = clinic;
  const { id } = appointment;
  const [clinicianId, setClinicianId] = useState(appointment.clinicianId);
  const [date, setDate] = useState(dateIn(zone, appointment.start));
  const [minutes, setMinutes] = useState(appointment.minutes);
  const [time, setTime] = useState(timeIn(zone, appointment.start));
  const day = useClinicDay(zone, date);
  const usual = usualHours(zone, date);
  const free = freeTimes(clinic, day, { id, clinicianId, minutes }, { usual }).filter(
    (start) => start !== appointment.start || clinicianId !== appointment.clinicianId,
  );
  const around = Date.parse(typedInstant(zone, date, timeIn(zone, appointment.start)) ?? appointment.start);
  const ahead = free.filter((start) => Date.parse(start) >= now());
  const nearest = (ahead.length > 0 ? ahead : free)
    .toSorted((a, b) => Math.abs(Date.parse(a) - around) - Math.abs(Date.parse(b) - around))
    .slice(0, 3);
  const offline = useConnection().offlineSince !== null;
  const { left } = promisesOf(clinic.leases, day.appointments, day.promised);
  const typed = typedInstant(zone, date, time);
  const full = typed && takenSlot(clinic, day, { id, clinicianId, start: typed, minutes });
  const move = async (start: string, overbookReason = "") => {
    if (await desk.move(appointment, { clinicianId, start, minutes }, overbookReason)) onMoved(start);
  };
  return (
    <Sheet title={i18n._("Move {name}", { name })} onClose={onClose}>
      <div className={classes.form}>
        <p className={classes.when}>
          {i18n._("Now {time} with {clinician}", {
            time: dateTimeText(appointment.start, zone),
            clinician: clinic.staff.get(appointment.clinicianId)?.name ?? "",
          })}
        </p>
        {nearest.length > 0 && (
          <section aria-label={i18n._("Nearest free times")}>
            <h3 className={classes.label}>{i18n._("Nearest free times")}</h3>
            <div className={classes.times}>
              {nearest.map((start) => (
                <Button key={start} onClick={() => void move(start)}>
                  {timeText(start, zone)}
                </Button>
              ))}
            </div>
          </section>
        )}
        <div className={classes.pair}>
          <NativeSelect
            size="md"
            label={i18n._("Clinician")}
            value={clinicianId}
            data={clinic.clinicians.map(({ id: value, name: label }) => ({ value, label }))}
            onChange={(event) => setClinicianId(event.currentTarget.value)}
          />
          <TextInput
            label={i18n._("Day")}
            type="date"
            value={date}
            onChange={(event) => {
              if (event.currentTarget.value) setDate(event.currentTarget.value);
            }}
          />
        </div>
        <LengthChoice minutes={minutes} onChange={setMinutes} />
        {offline && (
          <p role="status" className={taken.off}>
            {left.length > 0
              ? i18n._("Offline: only times with a shield are sure. The clinic decides about the others.")
              : i18n._("Offline: the clinic decides about every move when it answers.")}
          </p>
        )}
        <section aria-label={i18n._("Free times on this day")}>
          <h3 className={classes.label}>
            {i18n._("Free on {day}", { day: dayText(instantIn(zone, date, "12:00"), zone) })}
          </h3>
          {day.ready && free.length === 0 && (
            <p className={taken.off}>
              <NothingFree
                clinic={clinic}
                wanted={{ id, clinicianId, minutes }}
                date={date}
                full={i18n._("Nothing is free on this day.")}
                onTake={(start) => setDate(dateIn(zone, start))}
              />
            </p>
          )}
          <div className={classes.timeGrid}>
            {free.map((start) => (
              <Button
                key={start}
                variant="default"
                rightSection={
                  offline && leaseFor(left, { clinicianId, start, minutes }) ? (
                    <IconShieldCheck size={18} aria-label={i18n._("Held for this desk")} />
                  ) : undefined
                }
                onClick={() => void move(start)}
              >
                {timeText(start, zone)}
              </Button>
            ))}
          </div>
        </section>
        <div className={classes.pair}>
          <TextInput
            label={i18n._("Another time")}
            type="time"
            step={300}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
          <Button
            className={classes.low ?? ""}
            variant="default"
            disabled={!typed || full !== null}
            onClick={() => typed && void move(typed)}
          >
            {i18n._("Move to this time")}
          </Button>
        </div>
        {typed && full && (
          <Taken
            title={takenText(i18n, timeText(typed, zone), full)}
            clinic={clinic}
            slot={{ id, clinicianId, start: typed, minutes }}
            nearest={full.nearest}
            onTake={(start) => void move(start)}
            onOverbook={mayOverbook ? (reason) => void move(typed, reason) : undefined}
          >
            <HeldBy clinic={clinic} slot={{ clinicianId, start: typed, minutes }} taken={full} />
          </Taken>
        )}
      </div>
    </Sheet>
  );
}
