import type { I18n } from "@lingui/core";
import { type Appointment, mayFollow, mayHappen, statusBefore } from "#domain/appointment/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { addDays } from "#domain/kernel/instant.ts";
import { say, undoLast } from "#pwa/design/toast.tsx";
import type { GridActions } from "./board-grid.tsx";
import type { Open } from "./board-sheets.tsx";
import type { Dropped } from "./use-board-drag.ts";
import type { BoardKeys } from "./use-board-keys.ts";
import type { Desk } from "./use-desk.ts";

interface BoardFacts {
  readonly i18n: I18n;
  readonly zone: string;
  readonly date: string;
  readonly today: string;
  readonly mayWrite: boolean;
  readonly desk: Desk;
  find(id: string): Appointment | undefined;
  nameOf(appointment: Appointment): string;
  goTo(date: string): void;
  show(open: Open): void;
  bookAt(clinicianId: string, start: string): void;
  walkIn(): void;
  move(dropped: Dropped): Promise<void>;
}

/** What a tap, a drop or a key on the grid does. */
export function boardActions(board: BoardFacts): GridActions {
  const { desk, find, nameOf, show } = board;
  return {
    open: (id) => show({ kind: "details", id }),
    checkIn: (id) => {
      const appointment = find(id);
      if (appointment) void desk.step(appointment, "checkIn", nameOf(appointment));
    },
    pick: (clinicianId, start) => board.bookAt(clinicianId, start),
    drop: (dropped) => board.move(dropped),
    key: (key, place) =>
      dayKey(key, board) ||
      (board.mayWrite &&
        (newKey(key, place, board) ||
          (place.appointment !== undefined && appointmentKey(key, place.appointment, board)))),
  };
}

/** Keys that do the same wherever the focus is. */
function dayKey(key: string, { date, today, goTo, show }: BoardFacts): boolean {
  if (key === "?") show({ kind: "help" });
  else if (key === "t") goTo(today);
  else if (key === "[") goTo(addDays(date, -1));
  else if (key === "]") goTo(addDays(date, 1));
  else if (key === "z") void undoLast();
  else return false;
  return true;
}

function newKey(key: string, at: Parameters<BoardKeys["key"]>[1], board: BoardFacts): boolean {
  if (key === "n") board.bookAt(at.clinicianId, at.start);
  else if (key === "w") board.walkIn();
  else return false;
  return true;
}

function appointmentKey(key: string, appointment: Appointment, board: BoardFacts): boolean {
  const { desk, i18n, zone, nameOf, show } = board;
  const { id, status } = appointment;
  switch (key) {
    case "m":
      if (status !== "booked" && status !== "confirmed") return false;
      show({ kind: "move", id });
      return true;
    case "c":
      if (!mayFollow(status, "arrived")) return false;
      if (mayHappen("arrived", appointment, zone, now()))
        void desk.step(appointment, "checkIn", nameOf(appointment));
      else say(i18n._("Patients are checked in on the day of their visit."));
      return true;
    case "u":
      if (!statusBefore(appointment)) return false;
      void desk.undo(appointment, nameOf(appointment));
      return true;
    case "delete":
      show({ kind: "details", id, cancelling: true });
      return true;
    default:
      return false;
  }
}
