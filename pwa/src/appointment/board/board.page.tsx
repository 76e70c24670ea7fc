import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import {
  IconCalendarX,
  IconChevronLeft,
  IconChevronRight,
  IconHourglass,
  IconKeyboard,
  IconPrinter,
  IconSparkles,
  IconUserPlus,
  IconWalk,
} from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { can } from "#domain/access/can.ts";
import { type Appointment, appointmentEnd, holdsSlot, statusBefore } from "#domain/appointment/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { addDays, dateIn, instant, instantIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import type { Staff } from "#domain/staff/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Sheet } from "#pwa/design/sheet.tsx";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { say, ToastPlace, undoLast } from "#pwa/design/toast.tsx";
import { dayText, timeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { PatientFinder, RegistrationForm } from "#pwa/patient/index.ts";
import { type FreeSlot, fits, useWaiting, WaitListPanel } from "#pwa/wait-list/index.ts";
import classes from "./board.module.css";
import { BoardGrid, type GridActions } from "./board-grid.tsx";
import { BookingSheet, type BookingStart } from "./booking-sheet.tsx";
import { dayFrame } from "./day-frame.ts";
import { DetailsSheet } from "./details-sheet.tsx";
import { freedSlots, freeTimes, takenSlot } from "./free-times.ts";
import { GoneList } from "./gone-list.tsx";
import { KeyHelp } from "./key-help.tsx";
import { MoveSheet } from "./move-sheet.tsx";
import { RefusedNotices } from "./refused-notices.tsx";
import { Taken } from "./taken.tsx";
import type { Dropped } from "./use-board-drag.ts";
import { type Clinic, type ClinicDay, useClinic, useClinicDay } from "./use-clinic.ts";
import { useDesk } from "./use-desk.ts";

type Open =
  | { readonly kind: "book"; readonly from: BookingStart }
  | { readonly kind: "details" | "move"; readonly id: string; readonly cancelling?: boolean }
  | { readonly kind: "gone" | "help" | "register" }
  | { readonly kind: "wait"; readonly slot: FreeSlot | null };

/** The front desk's day: everybody's appointments side by side, and every step one tap away. */
export function BoardPage() {
  const { user } = useSession();
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "schedule:read").allowed) return <DeniedPage permission="schedule:read" />;
  return (
    <Board
      rights={{
        write: can(actor, "schedule:write").allowed,
        overbook: can(actor, "schedule:overbook").allowed,
        register: can(actor, "demographics:write").allowed,
        clinical: can(actor, "chart:open").allowed,
      }}
    />
  );
}

interface Rights {
  readonly write: boolean;
  readonly overbook: boolean;
  readonly register: boolean;
  /** Opens charts and visits. */
  readonly clinical: boolean;
}

function Board({ rights }: { readonly rights: Rights }) {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const search = useSearch({ from: "/board" });
  const clinic = useClinic();
  const { zone } = clinic;
  const today = dateIn(zone);
  const date = search.day ?? today;
  const day = useClinicDay(zone, date);
  const desk = useDesk(clinic);
  const columns = useColumns(clinic, day);
  const [whole, setWhole] = useState(false);
  const frame = useFrame(clinic, day, columns, whole);
  const [opened, setOpened] = useState<Open | null>(() =>
    search.open ? { kind: "details", id: search.open } : null,
  );
  const [refused, setRefused] = useState<(Dropped & { readonly nearest: readonly string[] }) | null>(null);
  const [movedAway, setMovedAway] = useState<readonly FreeSlot[]>([]);

  useBookingLink(search.book, { clinic, day, columns }, (from) => setOpened({ kind: "book", from }));

  const goTo = (next: string) => void navigate({ to: "/board", search: next === today ? {} : { day: next } });
  const show = (next: Open | null) => {
    setOpened(next);
    if (search.open || search.book)
      void navigate({ to: "/board", search: { day: search.day }, replace: true });
  };
  const nameOf = (appointment: Pick<Appointment, "patientId">) => {
    const patient = day.patients.get(appointment.patientId);
    return patient ? patientName(patient) : i18n._("Not on this tablet");
  };
  const find = (id: string) => day.appointments.find((one) => one.id === id);

  /** A taken time is refused here, before anything is written. */
  const moveTo = async (dropped: Dropped, overbookReason = "") => {
    const appointment = find(dropped.id);
    if (!appointment) return;
    const taken = overbookReason === "" ? takenSlot(clinic, day, dropped) : null;
    if (taken) {
      setRefused({ ...dropped, nearest: taken.nearest });
      return;
    }
    setRefused(null);
    await desk.move(appointment, dropped, overbookReason);
    if (appointment.start !== dropped.start || appointment.clinicianId !== dropped.clinicianId)
      setMovedAway((before) => [...before, appointment]);
  };
  const bookAt = (clinicianId: string, start: string) =>
    rights.write && show({ kind: "book", from: { clinicianId, start } });
  const walkIn = () => {
    const at = Math.floor(now() / 300_000) * 300_000;
    const clinician = freeNow(clinic, day, columns, at) ?? columns[0];
    if (clinician)
      show({ kind: "book", from: { clinicianId: clinician.id, start: instant(at), walkIn: true } });
  };
  const actions: GridActions = {
    open: (id) => show({ kind: "details", id }),
    checkIn: (id) => {
      const appointment = find(id);
      if (appointment) void desk.step(appointment, "checkIn", nameOf(appointment));
    },
    pick: bookAt,
    drop: (dropped) => moveTo(dropped),
    key: (key, { appointment, clinicianId, start }) => {
      switch (key) {
        case "?":
          show({ kind: "help" });
          return true;
        case "t":
          goTo(today);
          return true;
        case "[":
          goTo(addDays(date, -1));
          return true;
        case "]":
          goTo(addDays(date, 1));
          return true;
        case "z":
          void undoLast();
          return true;
      }
      if (!rights.write) return false;
      if (key === "n") bookAt(clinicianId, start);
      else if (key === "w") walkIn();
      else if (!appointment) return false;
      else if (key === "m") {
        if (appointment.status !== "booked" && appointment.status !== "confirmed") return false;
        show({ kind: "move", id: appointment.id });
      } else if (key === "c") void desk.step(appointment, "checkIn", nameOf(appointment));
      else if (key === "u") {
        if (!statusBefore(appointment)) return false;
        void desk.undo(appointment, nameOf(appointment));
      } else if (key === "delete") show({ kind: "details", id: appointment.id, cancelling: true });
      else return false;
      return true;
    },
  };
  const { entries: waiting } = useWaiting(zone);
  const freed = useMemo(
    () => [
      ...freedSlots(clinic, day, now()),
      ...movedAway.filter(({ start }) => dateIn(zone, start) === date),
    ],
    [clinic, day, movedAway, zone, date],
  );
  const offer = freed.find(
    (slot) =>
      Date.parse(slot.start) > now() &&
      waiting.some((entry) => fits({ clinic, appointments: day.appointments }, entry, slot)),
  );
  const gone = day.appointments.filter(({ status }) => !holdsSlot(status));
  const current = opened && "id" in opened ? find(opened.id) : undefined;
  const refusedAppointment = refused && find(refused.id);

  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <div className={classes.days}>
          <h1 className={classes.title}>
            {dayText(instantIn(zone, date, "12:00"), zone)}
            {date === today && <span className={classes.today}>{i18n._("Today")}</span>}
          </h1>
          <div className={classes.nav}>
            <button
              type="button"
              className={classes.arrow}
              aria-label={i18n._("Day before")}
              onClick={() => goTo(addDays(date, -1))}
            >
              <IconChevronLeft size={22} aria-hidden />
            </button>
            <button
              type="button"
              className={classes.arrow}
              disabled={date === today}
              onClick={() => goTo(today)}
            >
              {i18n._("Today")}
            </button>
            <button
              type="button"
              className={classes.arrow}
              aria-label={i18n._("Next day")}
              onClick={() => goTo(addDays(date, 1))}
            >
              <IconChevronRight size={22} aria-hidden />
            </button>
            <input
              type="date"
              className={classes.date}
              aria-label={i18n._("Go to a day")}
              value={date}
              onChange={(event) => {
                if (event.currentTarget.value) goTo(event.currentTarget.value);
              }}
            />
          </div>
        </div>
        <div className={classes.finder}>
          <PatientFinder
            label={i18n._("Find a patient")}
            hideLabel
            floating
            shortcut="Ctrl K"
            onPick={({ id }) => void navigate({ to: "/patients/$patientId", params: { patientId: id } })}
          />
        </div>
        <div className={classes.tools}>
          {rights.write && (
            <Button leftSection={<IconWalk size={20} aria-hidden />} variant="default" onClick={walkIn}>
              {i18n._("Walk-in")}
            </Button>
          )}
          {rights.register && (
            <Button
              leftSection={<IconUserPlus size={20} aria-hidden />}
              variant="default"
              onClick={() => show({ kind: "register" })}
            >
              {i18n._("New patient")}
            </Button>
          )}
          <Button
            leftSection={<IconHourglass size={20} aria-hidden />}
            variant="default"
            onClick={() => show({ kind: "wait", slot: offer ?? null })}
          >
            {i18n._("Wait list {count}", { count: waiting.length })}
          </Button>
          {gone.length > 0 && (
            <Button
              leftSection={<IconCalendarX size={20} aria-hidden />}
              variant="default"
              onClick={() => show({ kind: "gone" })}
            >
              {i18n._("Not coming {count}", { count: gone.length })}
            </Button>
          )}
          <Link
            to="/board/sheet"
            search={{ day: search.day }}
            className={classes.arrow}
            aria-label={i18n._("Day sheet to print")}
          >
            <IconPrinter size={22} aria-hidden />
          </Link>
          <button
            type="button"
            className={classes.arrow}
            aria-label={i18n._("Keys of the board")}
            onClick={() => show({ kind: "help" })}
          >
            <IconKeyboard size={22} aria-hidden />
          </button>
        </div>
      </header>

      <RefusedNotices
        clinic={clinic}
        mayOverbook={rights.overbook}
        onMove={(id) => show({ kind: "move", id })}
      />
      {refused && refusedAppointment && (
        <div className={classes.notice}>
          <Taken
            title={i18n._("{name} was not moved: {time} is taken.", {
              name: nameOf(refusedAppointment),
              time: timeText(refused.start, zone),
            })}
            zone={zone}
            date={date}
            nearest={refused.nearest}
            onTake={(start) => void moveTo({ ...refused, start })}
            onOverbook={rights.overbook ? (reason) => void moveTo(refused, reason) : undefined}
            onOther={() => {
              setRefused(null);
              show({ kind: "move", id: refused.id });
            }}
            onLeave={() => setRefused(null)}
            leaveLabel={i18n._("Leave it where it is")}
          />
        </div>
      )}
      {offer && rights.write && (
        <div role="status" className={classes.offer}>
          <IconSparkles size={20} aria-hidden />
          <span>
            {i18n._("{time} with {name} came free, and somebody on the wait list fits.", {
              time: timeText(offer.start, zone),
              name: clinic.staff.get(offer.clinicianId)?.name ?? "",
            })}
          </span>
          <Button variant="filled" onClick={() => show({ kind: "wait", slot: offer })}>
            {i18n._("See who")}
          </Button>
        </div>
      )}

      {columns.length > 0 ? (
        <>
          <BoardGrid
            frame={frame}
            clinic={clinic}
            day={day}
            columns={columns}
            mayWrite={rights.write}
            actions={actions}
          />
          <div className={classes.under}>
            <span>
              {day.ready && day.appointments.length === 0
                ? i18n._("Nothing is booked on this day. Choose a free time to begin.")
                : i18n._(
                    "Choose a free time to book. Drag a card to move it, its lower edge for its length.",
                  )}
            </span>
            <button type="button" className={classes.whole} onClick={() => setWhole(!whole)}>
              {whole ? i18n._("Usual hours") : i18n._("Whole day")}
            </button>
          </div>
        </>
      ) : clinic.ready ? (
        <State icon={IconCalendarX} title={i18n._("Nobody sees patients here yet")}>
          {i18n._("As soon as the practice has a clinician, the day appears here.")}
        </State>
      ) : (
        <LoadingRows rows={6} label={i18n._("The day is being opened")} />
      )}

      {opened?.kind === "book" && (
        <BookingSheet
          key={`${opened.from.clinicianId} ${opened.from.start}`}
          from={opened.from}
          clinic={clinic}
          desk={desk}
          mayOverbook={rights.overbook}
          onClose={() => show(null)}
          onBooked={(_, start) => {
            show(null);
            const booked = dateIn(zone, start);
            if (booked !== date) goTo(booked);
          }}
        />
      )}
      {opened?.kind === "details" && current && (
        <DetailsSheet
          appointment={current}
          patient={day.patients.get(current.patientId)}
          clinic={clinic}
          desk={desk}
          mayWrite={rights.write}
          mayOverbook={rights.overbook}
          clinical={rights.clinical}
          cancelling={opened.cancelling ?? false}
          onMove={() => show({ kind: "move", id: current.id })}
          onBookAgain={() => {
            const { clinicianId, start, patientId, visitTypeId } = current;
            show({ kind: "book", from: { clinicianId, start, patientId, visitTypeId } });
          }}
          onClose={() => show(null)}
        />
      )}
      {opened?.kind === "move" && current && (
        <MoveSheet
          appointment={current}
          name={nameOf(current)}
          clinic={clinic}
          desk={desk}
          mayOverbook={rights.overbook}
          onClose={() => show(null)}
          onMoved={(start) => {
            show(null);
            setRefused(null);
            if (start !== current.start) setMovedAway((before) => [...before, current]);
            const moved = dateIn(zone, start);
            if (moved !== date) goTo(moved);
          }}
        />
      )}
      {opened?.kind === "gone" && (
        <GoneList
          appointments={gone}
          patients={day.patients}
          zone={zone}
          onOpen={(id) => show({ kind: "details", id })}
          onClose={() => show(null)}
        />
      )}
      {opened?.kind === "wait" && (
        <Sheet title={i18n._("Wait list")} onClose={() => show(null)}>
          <WaitListPanel
            clinic={clinic}
            desk={desk}
            mayWrite={rights.write}
            slot={opened.slot}
            onBooked={(_, start) => {
              show(null);
              const booked = dateIn(zone, start);
              if (booked !== date) goTo(booked);
            }}
          />
        </Sheet>
      )}
      {opened?.kind === "register" && (
        <Sheet title={i18n._("New patient")} onClose={() => show(null)}>
          <RegistrationForm
            onDone={(patientId) => {
              say(i18n._("Registered."));
              void patientId;
              show(null);
            }}
            onKnown={({ id }) => void navigate({ to: "/patients/$patientId", params: { patientId: id } })}
            onCancel={() => show(null)}
          />
        </Sheet>
      )}
      {opened?.kind === "help" && <KeyHelp onClose={() => show(null)} />}
      <ToastPlace />
    </div>
  );
}

/** Clinicians, and whoever else has appointments on the day. */
function useColumns(clinic: Clinic, day: ClinicDay): readonly Staff[] {
  const { user } = useSession();
  return useMemo(() => {
    const known = new Set(clinic.clinicians.map(({ id }) => id));
    const others = [...new Set(day.appointments.map(({ clinicianId }) => clinicianId))]
      .filter((id) => !known.has(id))
      .flatMap((id) => clinic.staff.get(id) ?? []);
    const mine = clinic.clinicians.filter(({ id }) => id === user?.id);
    return [...mine, ...clinic.clinicians.filter(({ id }) => id !== user?.id), ...others];
  }, [clinic, day.appointments, user?.id]);
}

function useFrame(clinic: Clinic, day: ClinicDay, columns: readonly Staff[], whole: boolean) {
  const { zone, hoursOf } = clinic;
  const { date, appointments } = day;
  const wide = useMemo(() => {
    const wall = (time: string) => Date.parse(instantIn(zone, date, time));
    const spans = columns.flatMap(({ id }) =>
      hoursOf(id).flatMap(({ spans: open }) =>
        open.map(({ from, to }) => ({ from: wall(from), to: wall(to) })),
      ),
    );
    const booked = appointments
      .filter(({ status }) => holdsSlot(status))
      .map((one) => ({ from: Date.parse(one.start), to: appointmentEnd(one) }));
    const all = [...spans, ...booked];
    return all.length === 0
      ? ""
      : `${Math.min(...all.map(({ from }) => from))} ${Math.max(...all.map(({ to }) => to))}`;
  }, [zone, hoursOf, columns, date, appointments]);
  return useMemo(() => {
    const [from, to] = wide.split(" ").map(Number);
    return dayFrame(zone, date, { whole, spans: from && to ? [{ from, to }] : [] });
  }, [zone, date, whole, wide]);
}

/** A link can begin a booking for a patient: at the first free time of the day that is left. */
function useBookingLink(
  patientId: string | undefined,
  { clinic, day, columns }: { clinic: Clinic; day: ClinicDay; columns: readonly Staff[] },
  begin: (from: BookingStart) => void,
): void {
  const begun = useRef<string | undefined>(undefined);
  useEffect(() => {
    const [first] = columns;
    if (!patientId || begun.current === patientId || !first || !clinic.ready || !day.ready) return;
    begun.current = patientId;
    const { zone } = clinic;
    const usual = {
      from: Date.parse(instantIn(zone, day.date, "08:00")),
      to: Date.parse(instantIn(zone, day.date, "17:00")),
    };
    const free = columns
      .flatMap(({ id: clinicianId }) =>
        freeTimes(clinic, day, { id: "", clinicianId, minutes: 15 }, { usual, after: now() }).map(
          (start) => ({
            clinicianId,
            start,
          }),
        ),
      )
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    const later = { clinicianId: first.id, start: instantIn(zone, addDays(day.date, 1), "09:00") };
    begin({ ...(free[0] ?? later), patientId });
  }, [patientId, clinic, day, columns, begin]);
}

/** Who could see a walk-in at once. */
function freeNow(clinic: Clinic, day: ClinicDay, columns: readonly Staff[], at: number): Staff | undefined {
  const usual = { from: at, to: at + 15 * 60_000 };
  return columns.find(
    ({ id }) =>
      takenSlot(clinic, day, { id: "", clinicianId: id, start: instant(at), minutes: 15 }) === null &&
      (clinic.hoursOf(id).length === 0 ||
        freeTimes(clinic, day, { id: "", clinicianId: id, minutes: 15 }, { usual }).length > 0),
  );
}
