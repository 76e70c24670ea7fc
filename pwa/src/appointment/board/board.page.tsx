import { useLingui } from "@lingui/react";
import { IconCalendarX } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { can } from "#domain/access/can.ts";
import { type Appointment, holdsSlot, worksOn } from "#domain/appointment/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { useSession } from "#pwa/local/index.ts";
import classes from "./board.module.css";
import { boardActions } from "./board-actions.ts";
import { BoardBar } from "./board-bar.tsx";
import { BoardGrid } from "./board-grid.tsx";
import { BoardNotices } from "./board-notices.tsx";
import { BoardSheets, type Open } from "./board-sheets.tsx";
import { type BoardDay, useBookingLink, useColumns, useFrame, useStage, walkInNow } from "./use-board-day.ts";
import { type Refused, useBoardMoves, useOffer } from "./use-board-moves.ts";
import { useClinic, useClinicDay } from "./use-clinic.ts";
import { useDesk } from "./use-desk.ts";
import { useToday } from "./use-minute.ts";

export interface Rights {
  readonly write: boolean;
  readonly overbook: boolean;
  readonly register: boolean;
  /** Opens charts and visits. */
  readonly clinical: boolean;
}

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

function Board({ rights }: { readonly rights: Rights }) {
  const { i18n } = useLingui();
  const clinic = useClinic();
  const { zone } = clinic;
  const today = useToday(zone);
  const { date, goTo, opened, show, bookFor } = usePlace(today);
  const day = useClinicDay(zone, date);
  const columns = useColumns(clinic, day);
  const stage = useStage(clinic, day, columns);
  const [whole, setWhole] = useState(false);
  const frame = useFrame(clinic, day, columns, whole);
  const board = useMemo<BoardDay>(() => ({ clinic, day, columns }), [clinic, day, columns]);
  const desk = useDesk(clinic, {
    day,
    onTaken: (appointment, nearest) => moves.refuse({ ...slotOf(appointment), wanted: "putBack", nearest }),
  });
  const moves = useBoardMoves(clinic, day, desk);
  const { waiting, offer } = useOffer(clinic, day, moves.movedAway);
  useBookingLink(bookFor, board, (from) => show({ kind: "book", from }));

  const find = (id: string) => day.appointments.find((one) => one.id === id);
  const nameOf = ({ patientId }: Pick<Appointment, "patientId">) => {
    const patient = day.patients.get(patientId);
    return patient ? patientName(patient) : i18n._("Not on this tablet");
  };
  const bookAt = (clinicianId: string, start: string) =>
    rights.write && show({ kind: "book", from: { clinicianId, start } });
  const walkIn = () => {
    const from = walkInNow(board);
    if (from) show({ kind: "book", from });
  };
  const gone = day.appointments.filter(({ status }) => !holdsSlot(status));
  const settled = () => moves.refuse(null);
  return (
    <div className={classes.page}>
      <BoardBar
        zone={zone}
        date={date}
        today={today}
        mayWrite={rights.write}
        mayRegister={rights.register}
        waiting={waiting.length}
        gone={gone.length}
        goTo={goTo}
        show={show}
        walkIn={walkIn}
        openWaitList={() => show({ kind: "wait", slot: offer ?? null })}
      />
      {stage === "day" ? (
        <>
          <BoardGrid
            frame={frame}
            clinic={clinic}
            day={day}
            columns={columns}
            mayWrite={rights.write}
            isToday={date === today}
            actions={boardActions({
              i18n,
              zone,
              date,
              today,
              mayWrite: rights.write,
              desk,
              find,
              nameOf,
              goTo,
              show,
              bookAt,
              walkIn,
              move: moves.move,
            })}
          />
          {/* Under the day: what comes and goes moves no row under a hand. */}
          <BoardNotices
            clinic={clinic}
            desk={desk}
            mayWrite={rights.write}
            mayOverbook={rights.overbook}
            refused={moves.refused}
            appointment={moves.refused ? find(moves.refused.id) : undefined}
            offer={offer}
            nameOf={nameOf}
            onMove={moves.move}
            onSettled={settled}
            show={show}
          />
          <Under board={board} whole={whole} onWhole={setWhole} />
        </>
      ) : stage === "nobody" ? (
        <State icon={IconCalendarX} title={i18n._("Nobody sees patients here yet")}>
          {i18n._("As soon as the practice has a clinician, the day appears here.")}
        </State>
      ) : (
        <Opening rows={6} label={i18n._("The day is being opened")} />
      )}
      {opened && (
        <BoardSheets
          opened={opened}
          board={board}
          desk={desk}
          rights={rights}
          gone={gone}
          today={today}
          nameOf={nameOf}
          show={show}
          goTo={goTo}
          onMoved={(appointment, start) => {
            settled();
            moves.left(appointment, { clinicianId: appointment.clinicianId, start });
          }}
        />
      )}
      <ToastPlace />
    </div>
  );
}

const slotOf = ({ id, clinicianId, start, minutes }: Appointment): Omit<Refused, "wanted" | "nearest"> => ({
  id,
  clinicianId,
  start,
  minutes,
});

/** Which day and which sheet are open. The address names the day; what it opens besides is forgotten with the sheet. */
function usePlace(today: string) {
  const navigate = useNavigate();
  const search = useSearch({ from: "/board" });
  const [opened, setOpened] = useState<Open | null>(() =>
    search.open ? { kind: "details", id: search.open } : null,
  );
  return {
    date: search.day ?? today,
    bookFor: search.book,
    opened,
    goTo: (next: string) => void navigate({ to: "/board", search: next === today ? {} : { day: next } }),
    show: (next: Open | null) => {
      setOpened(next);
      if (search.open || search.book)
        void navigate({ to: "/board", search: { day: search.day }, replace: true });
    },
  };
}

interface UnderProps {
  readonly board: BoardDay;
  readonly whole: boolean;
  readonly onWhole: (whole: boolean) => void;
}

/** What can be done with the day, in a line under it. */
function Under({ board: { clinic, day, columns }, whole, onWhole }: UnderProps) {
  const { i18n } = useLingui();
  const nobody = columns.every(({ id }) => !worksOn(clinic.hoursOf(id), day.date));
  const empty = day.ready && day.appointments.length === 0;
  return (
    <div className={classes.under}>
      <span>
        {empty && nobody
          ? i18n._("Nobody works on this day, and nothing is booked.")
          : empty
            ? i18n._("Nothing is booked on this day. Choose a free time to begin.")
            : i18n._("Choose a free time to book. Drag a card to move it, its lower edge for its length.")}
      </span>
      <button type="button" className={classes.whole} onClick={() => onWhole(!whole)}>
        {whole ? i18n._("Usual hours") : i18n._("Whole day")}
      </button>
    </div>
  );
}
