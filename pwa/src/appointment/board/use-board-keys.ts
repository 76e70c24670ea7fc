import { type RefObject, useEffect, useRef } from "react";
import type { Appointment } from "#domain/appointment/index.ts";
import type { Staff } from "#domain/staff/index.ts";
import { type DayFrame, QUARTER, quarterOf } from "./day-frame.ts";
import type { ClinicDay } from "./use-clinic.ts";

/** What a key does on the appointment or the free time that has the focus. */
export interface BoardKeys {
  pick(clinicianId: string, start: string): void;
  key(
    key: string,
    at: { readonly appointment?: Appointment; readonly clinicianId: string; readonly start: string },
  ): boolean;
}

interface Options {
  readonly canvas: RefObject<HTMLDivElement | null>;
  readonly frame: DayFrame;
  readonly columns: readonly Staff[];
  readonly day: ClinicDay;
  readonly actions: RefObject<BoardKeys>;
}

const stopOf = (canvas: HTMLElement, name: string) =>
  canvas.querySelector<HTMLElement>(`[data-stop="${CSS.escape(name)}"]`);

/** The one stop of the grid that Tab reaches; the tab stops inside its card come right after it. */
function rove(canvas: HTMLElement, to: HTMLElement): void {
  for (const old of canvas.querySelectorAll<HTMLElement>('[tabindex="0"]')) old.tabIndex = -1;
  to.tabIndex = 0;
  const card = to.closest("[data-card-root]");
  for (const button of card?.querySelectorAll<HTMLElement>("button") ?? []) button.tabIndex = 0;
}

/**
 * The keyboard on the grid. One element holds the grid's place in the tab order; arrows walk over free quarter hours and
 * appointments, and nothing is drawn again for that.
 */
export function useBoardKeys({ canvas, frame, columns, day, actions }: Options): void {
  const facts = useRef({ frame, columns, day });
  useEffect(() => {
    facts.current = { frame, columns, day };
    // What had the place may be gone: the first free time takes it.
    const grid = canvas.current;
    if (!grid || grid.querySelector('[tabindex="0"]')) return;
    const first =
      grid.querySelector<HTMLElement>("[data-stop^='card:']") ?? grid.querySelector("[data-stop]");
    if (first instanceof HTMLElement) rove(grid, first);
  });
  useEffect(() => {
    const grid = canvas.current;
    if (!grid) return;
    const focused = (event: FocusEvent) => {
      const stop = (event.target as HTMLElement).closest<HTMLElement>("[data-stop]");
      if (
        stop &&
        !(event.target as HTMLElement).closest("[data-card-root]:focus-within button:not([data-stop])")
      )
        rove(grid, stop);
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const place = placeOf(event.target as HTMLElement, facts.current);
      if (!place) return;
      const target = walk(event.key, place, facts.current);
      if (target) {
        const stop = stopOf(grid, target) ?? null;
        stop?.focus({ preventScroll: true });
        stop?.scrollIntoView({ block: "nearest", inline: "nearest" });
        event.preventDefault();
        return;
      }
      if (event.key === "Enter" || event.key === " ") {
        if (place.appointment) return; // the card is a button
        actions.current.pick(place.clinicianId, place.start);
        event.preventDefault();
        return;
      }
      if (actions.current.key(event.key.toLowerCase(), place)) event.preventDefault();
    };
    grid.addEventListener("focusin", focused);
    grid.addEventListener("keydown", pressed);
    return () => {
      grid.removeEventListener("focusin", focused);
      grid.removeEventListener("keydown", pressed);
    };
  }, [canvas, actions]);
}

interface Facts {
  readonly frame: DayFrame;
  readonly columns: readonly Staff[];
  readonly day: ClinicDay;
}

interface GridPlace {
  readonly clinicianId: string;
  readonly start: string;
  readonly row: number;
  readonly column: number;
  readonly appointment?: Appointment;
}

function placeOf(target: HTMLElement, { frame, columns, day }: Facts): GridPlace | null {
  const card = target.closest<HTMLElement>("[data-card-root]");
  if (card) {
    const appointment = day.appointments.find(({ id }) => id === card.dataset.cardRoot);
    if (!appointment) return null;
    const { clinicianId, start } = appointment;
    return {
      clinicianId,
      start,
      row: quarterOf(frame, Date.parse(start)),
      column: columns.findIndex(({ id }) => id === clinicianId),
      appointment,
    };
  }
  const cell = target.closest<HTMLElement>("[data-cell]");
  if (!cell) return null;
  const { column: clinicianId = "", at: start = "" } = cell.dataset;
  return {
    clinicianId,
    start,
    row: quarterOf(frame, Date.parse(start)),
    column: columns.findIndex(({ id }) => id === clinicianId),
  };
}

/** The name of the stop that an arrow leads to. */
function walk(key: string, place: GridPlace, facts: Facts): string | null {
  const { frame, columns } = facts;
  const last = frame.quarters.length - 1;
  const rows = place.appointment ? Math.ceil(place.appointment.minutes / 15) : 1;
  switch (key) {
    case "ArrowDown":
      return stopAt(place.column, Math.min(last, place.row + rows), facts);
    case "ArrowUp":
      return stopAt(place.column, Math.max(0, place.row - 1), facts);
    case "ArrowRight":
      return (
        beside(place, 1, facts) ?? stopAt(Math.min(columns.length - 1, place.column + 1), place.row, facts)
      );
    case "ArrowLeft":
      return beside(place, -1, facts) ?? stopAt(Math.max(0, place.column - 1), place.row, facts);
    case "PageDown":
      return stopAt(place.column, Math.min(last, place.row + 4), facts);
    case "PageUp":
      return stopAt(place.column, Math.max(0, place.row - 4), facts);
    case "Home":
      return stopAt(place.column, 0, facts);
    case "End":
      return stopAt(place.column, last, facts);
    default:
      return null;
  }
}

/** What is shown over a quarter hour of a column, in the order of lanes. */
function coveringOf(column: number, row: number, { frame, columns, day }: Facts): readonly Appointment[] {
  const at = frame.quarters[row]!.at;
  return day.appointments.filter(({ clinicianId, start, minutes, status }) => {
    if (clinicianId !== columns[column]?.id || status === "cancelled" || status === "no-show") return false;
    const from = Date.parse(start);
    return from < at + QUARTER && from + minutes * 60_000 > at;
  });
}

/** Another appointment at the same time. */
function beside({ appointment, column, row }: GridPlace, step: number, facts: Facts): string | null {
  if (!appointment) return null;
  const here = coveringOf(column, row, facts);
  const next = here[here.findIndex(({ id }) => id === appointment.id) + step];
  return next ? `card:${next.id}` : null;
}

function stopAt(column: number, row: number, facts: Facts): string {
  const [card] = coveringOf(column, row, facts);
  return card ? `card:${card.id}` : `cell:${facts.columns[column]!.id}:${facts.frame.quarters[row]!.at}`;
}
