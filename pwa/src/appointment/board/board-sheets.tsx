import { useLingui } from "@lingui/react";
import { useNavigate } from "@tanstack/react-router";
import type { Appointment } from "#domain/appointment/index.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { Sheet } from "#pwa/design/sheet.tsx";
import { RegistrationForm } from "#pwa/patient/index.ts";
import { type FreeSlot, WaitListPanel } from "#pwa/wait-list/index.ts";
import type { Rights } from "./board.page.tsx";
import { BookingSheet, type BookingStart } from "./booking-sheet.tsx";
import { DetailsSheet } from "./details-sheet.tsx";
import { GoneList } from "./gone-list.tsx";
import { KeyHelp } from "./key-help.tsx";
import { MoveSheet } from "./move-sheet.tsx";
import { RegisteredSheet } from "./registered-sheet.tsx";
import { type BoardDay, firstFree, walkInNow } from "./use-board-day.ts";
import type { Desk } from "./use-desk.ts";

/** The one sheet that is open beside the board. */
export type Open =
  | { readonly kind: "book"; readonly from: BookingStart }
  | { readonly kind: "details" | "move"; readonly id: string; readonly cancelling?: boolean }
  | { readonly kind: "gone" | "help" | "register" }
  | { readonly kind: "registered"; readonly patientId: string }
  | { readonly kind: "wait"; readonly slot: FreeSlot | null };

interface BoardSheetsProps {
  readonly opened: Open;
  readonly board: BoardDay;
  readonly desk: Desk;
  readonly rights: Rights;
  readonly gone: readonly Appointment[];
  readonly today: string;
  nameOf(appointment: Appointment): string;
  readonly show: (open: Open | null) => void;
  readonly goTo: (date: string) => void;
  /** The appointment has another time now. */
  readonly onMoved: (appointment: Appointment, start: string) => void;
}

/** Each sheet and where it leads: what was booked or moved to another day is shown there. */
export function BoardSheets(props: BoardSheetsProps) {
  const { opened, board, desk, rights, gone, today, show, goTo } = props;
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { clinic, day } = board;
  const close = () => show(null);
  const follow = (_: string, start: string) => {
    close();
    const booked = dateIn(clinic.zone, start);
    if (booked !== day.date) goTo(booked);
  };
  const book = (from: BookingStart | undefined, patientId: string) =>
    from && show({ kind: "book", from: { ...from, patientId } });
  switch (opened.kind) {
    case "book":
      return (
        <BookingSheet
          key={`${opened.from.clinicianId} ${opened.from.start}`}
          from={opened.from}
          clinic={clinic}
          desk={desk}
          mayOverbook={rights.overbook}
          onClose={close}
          onBooked={follow}
        />
      );
    case "details":
    case "move":
      return <OneAppointment {...props} opened={opened} />;
    case "gone":
      return (
        <GoneList
          appointments={gone}
          patients={day.patients}
          zone={clinic.zone}
          onOpen={(id) => show({ kind: "details", id })}
          onClose={close}
        />
      );
    case "wait":
      return (
        <Sheet title={i18n._("Wait list")} onClose={close}>
          <WaitListPanel
            clinic={clinic}
            desk={desk}
            mayWrite={rights.write}
            slot={opened.slot}
            onBooked={follow}
          />
        </Sheet>
      );
    case "register":
      return (
        <Sheet title={i18n._("New patient")} onClose={close}>
          <RegistrationForm
            inside
            onDone={(patientId) => show({ kind: "registered", patientId })}
            onKnown={({ id }) => void navigate({ to: "/patients/$patientId", params: { patientId: id } })}
            onCancel={close}
          />
        </Sheet>
      );
    case "registered":
      return (
        <RegisteredSheet
          patientId={opened.patientId}
          today={today}
          mayWrite={rights.write}
          onBook={() => book(firstFree(board), opened.patientId)}
          onWalkIn={() => book(walkInNow(board), opened.patientId)}
          onClose={close}
        />
      );
    case "help":
      return <KeyHelp onClose={close} />;
  }
}

type OneProps = BoardSheetsProps & { readonly opened: Extract<Open, { kind: "details" | "move" }> };

function OneAppointment(props: OneProps) {
  const { opened, board, desk, rights, show, goTo, onMoved } = props;
  const { clinic, day } = board;
  const current = day.appointments.find(({ id }) => id === opened.id);
  if (!current) return null;
  const close = () => show(null);
  if (opened.kind === "move")
    return (
      <MoveSheet
        appointment={current}
        name={props.nameOf(current)}
        clinic={clinic}
        desk={desk}
        mayOverbook={rights.overbook}
        onClose={close}
        onMoved={(start) => {
          close();
          onMoved(current, start);
          const moved = dateIn(clinic.zone, start);
          if (moved !== day.date) goTo(moved);
        }}
      />
    );
  return (
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
      onClose={close}
    />
  );
}
