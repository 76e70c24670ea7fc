import { type RefObject, useEffect, useRef } from "react";
import { instant } from "#domain/kernel/instant.ts";
import type { Staff } from "#domain/staff/index.ts";
import { timeText } from "#pwa/language/language.ts";
import { type DayFrame, QUARTER, snapped } from "./day-frame.ts";
import type { ClinicDay } from "./use-clinic.ts";

export interface Dropped {
  readonly id: string;
  readonly clinicianId: string;
  readonly start: string;
  readonly minutes: number;
}

interface Options {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly canvas: RefObject<HTMLDivElement | null>;
  /** Shows where the card would land, and when that is: moved by transforms alone. */
  readonly landing: RefObject<HTMLDivElement | null>;
  readonly landingTime: RefObject<HTMLSpanElement | null>;
  readonly frame: DayFrame;
  readonly columns: readonly Staff[];
  readonly day: ClinicDay;
  readonly enabled: boolean;
  readonly actions: RefObject<{ drop(dropped: Dropped): Promise<void> }>;
}

/** Pixels that a pointer moves before a press is a drag. */
const THRESHOLD = 5;
/** Milliseconds that a finger rests on a card before it is picked up: a shorter one scrolls or taps. */
const REST = 300;
/** Pixels from an edge where the board begins to scroll under a dragged card. */
const EDGE = 48;

interface Held {
  readonly card: HTMLElement;
  readonly resize: boolean;
  readonly pointerId: number;
  readonly x: number;
  readonly y: number;
  readonly scrollTop: number;
  readonly scrollLeft: number;
  readonly start: number;
  readonly minutes: number;
  readonly clinicianId: string;
  readonly id: string;
}

interface Geometry {
  readonly row: number;
  readonly head: number;
  readonly columns: readonly { readonly id: string; readonly left: number; readonly width: number }[];
}

interface Dragged extends Held {
  readonly geometry: Geometry;
}

/**
 * Dragging a card to another time or clinician, and its lower edge to another length. While it lasts React draws nothing:
 * the card and its landing place are moved by transforms. Quarter hours by default, five minutes with Shift. Escape puts
 * everything back.
 */
export function useBoardDrag(options: Options): void {
  const { scroller, canvas, landing, landingTime, enabled, actions } = options;
  const facts = useRef(options);
  useEffect(() => {
    facts.current = options;
  });
  useEffect(() => {
    const box = scroller.current;
    const grid = canvas.current;
    const shadow = landing.current;
    const time = landingTime.current;
    if (!box || !grid || !shadow || !time || !enabled) return;
    let held: Held | null = null;
    let dragging: Dragged | null = null;
    let at: Dropped | null = null;
    let restTimer: ReturnType<typeof setTimeout> | undefined;
    let frameRequest = 0;
    let pointer = { x: 0, y: 0, fine: false };

    const begin = () => {
      if (!held || dragging) return;
      dragging = { ...held, geometry: measure(grid) };
      const { card, resize, geometry, minutes } = dragging;
      card.dataset.dragging = resize ? "resize" : "move";
      grid.dataset.dragging = "";
      if (grid.hasPointerCapture?.(held.pointerId) === false) grid.setPointerCapture(held.pointerId);
      const [column] = geometry.columns;
      shadow.style.width = `${(column?.width ?? 0) - 4}px`;
      shadow.style.height = `${(minutes / 15) * geometry.row - 2}px`;
      shadow.hidden = false;
      time.hidden = false;
      frameRequest = requestAnimationFrame(paint);
    };

    const paint = () => {
      if (!dragging) return;
      scrollAtEdge(box, dragging, pointer);
      const { frame } = facts.current;
      const by = {
        x: pointer.x - dragging.x + box.scrollLeft - dragging.scrollLeft,
        y: pointer.y - dragging.y + box.scrollTop - dragging.scrollTop,
      };
      if (!dragging.resize) dragging.card.style.transform = `translate3d(${by.x}px, ${by.y}px, 0)`;
      const to = landingOf(
        dragging,
        by.y,
        pointer.x - grid.getBoundingClientRect().left,
        pointer.fine,
        frame,
      );
      if (!isSame(at, to)) place(shadow, time, to, dragging, frame);
      at = to;
      frameRequest = requestAnimationFrame(paint);
    };

    const end = () => {
      clearTimeout(restTimer);
      cancelAnimationFrame(frameRequest);
      if (dragging) {
        delete dragging.card.dataset.dragging;
        delete grid.dataset.dragging;
        if (grid.hasPointerCapture(dragging.pointerId)) grid.releasePointerCapture(dragging.pointerId);
      }
      shadow.hidden = true;
      time.hidden = true;
      held = null;
      dragging = null;
      at = null;
    };
    const putBack = (card: HTMLElement) => {
      card.style.transform = "";
    };

    const down = (event: PointerEvent) => {
      if (event.button !== 0 || held) return;
      const target = event.target as HTMLElement;
      const card = target.closest<HTMLElement>("[data-card-root]");
      if (!card?.dataset.movable || target.closest(`button:not([data-stop])`)) return;
      const appointment = facts.current.day.appointments.find(({ id }) => id === card.dataset.cardRoot);
      if (!appointment) return;
      held = {
        card,
        resize: target.closest("[data-grip]") !== null,
        pointerId: event.pointerId,
        x: event.clientX,
        y: event.clientY,
        scrollTop: box.scrollTop,
        scrollLeft: box.scrollLeft,
        start: Date.parse(appointment.start),
        minutes: appointment.minutes,
        clinicianId: appointment.clinicianId,
        id: appointment.id,
      };
      pointer = { x: event.clientX, y: event.clientY, fine: event.shiftKey };
      if (event.pointerType === "touch") restTimer = setTimeout(begin, REST);
    };
    const move = (event: PointerEvent) => {
      if (!held || event.pointerId !== held.pointerId) return;
      pointer = { x: event.clientX, y: event.clientY, fine: event.shiftKey };
      if (dragging) return;
      const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > THRESHOLD;
      if (!far) return;
      if (event.pointerType === "touch") end();
      else begin();
    };
    const up = async (event: PointerEvent) => {
      if (!held || event.pointerId !== held.pointerId) return;
      const was = dragging;
      // Let go faster than a frame is painted, it still lands where the hand was.
      pointer = { x: event.clientX, y: event.clientY, fine: event.shiftKey };
      paint();
      const to = at;
      end();
      if (!was) return;
      swallowClick(grid);
      const from = { ...was, start: instant(was.start) };
      try {
        if (to && !isSame(from, to)) await actions.current.drop(to);
      } finally {
        putBack(was.card);
      }
    };
    const cancel = () => {
      const card = dragging?.card;
      end();
      if (card) putBack(card);
    };
    const escaped = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !dragging) return;
      event.preventDefault();
      event.stopPropagation();
      swallowClick(grid);
      cancel();
    };
    const keepPage = (event: TouchEvent) => {
      if (dragging) event.preventDefault();
    };

    grid.addEventListener("pointerdown", down);
    grid.addEventListener("pointermove", move);
    grid.addEventListener("pointerup", up);
    grid.addEventListener("pointercancel", cancel);
    grid.addEventListener("touchmove", keepPage, { passive: false });
    window.addEventListener("keydown", escaped, true);
    return () => {
      cancel();
      grid.removeEventListener("pointerdown", down);
      grid.removeEventListener("pointermove", move);
      grid.removeEventListener("pointerup", up);
      grid.removeEventListener("pointercancel", cancel);
      grid.removeEventListener("touchmove", keepPage);
      window.removeEventListener("keydown", escaped, true);
    };
  }, [scroller, canvas, landing, landingTime, enabled, actions]);
}

/**
 * Where a card lands that was dragged down by `dy` pixels.
 *
 * @param x pixels from the grid's left edge
 * @param fine to five minutes, not to quarter hours
 */
function landingOf(
  { id, start, minutes, clinicianId, resize, geometry }: Dragged,
  dy: number,
  x: number,
  fine: boolean,
  frame: DayFrame,
): Dropped {
  const step = fine ? 5 : 15;
  const moved = (dy / geometry.row) * QUARTER;
  if (!resize)
    return {
      id,
      clinicianId: columnAt(geometry, x),
      start: instant(snapped(frame, start + moved, step)),
      minutes,
    };
  const open = { from: frame.from, to: Number.POSITIVE_INFINITY };
  const length = snapped(open, start + minutes * 60_000 + moved, step) - start;
  return {
    id,
    clinicianId,
    start: instant(start),
    minutes: Math.min(60, Math.max(5, Math.round(length / 300_000) * 5)),
  };
}

const isSame = (a: Dropped | null, b: Dropped): boolean =>
  a?.clinicianId === b.clinicianId && a.start === b.start && a.minutes === b.minutes;

function measure(grid: HTMLElement): Geometry {
  const left = grid.getBoundingClientRect().left;
  const heads = [...grid.querySelectorAll<HTMLElement>("[data-head]")];
  const cell = grid.querySelector<HTMLElement>("[data-cell]");
  return {
    row: cell?.getBoundingClientRect().height ?? 1,
    head: heads[0]?.offsetHeight ?? 0,
    columns: heads.map((head) => {
      const box = head.getBoundingClientRect();
      return { id: head.dataset.head!, left: box.left - left, width: box.width };
    }),
  };
}

function columnAt({ columns }: Geometry, x: number): string {
  const inside = columns.findLast(({ left }) => x >= left) ?? columns[0];
  return inside?.id ?? "";
}

function place(
  shadow: HTMLElement,
  time: HTMLElement,
  to: Dropped,
  { geometry, minutes }: { readonly geometry: Geometry; readonly minutes: number },
  { from, zone }: DayFrame,
): void {
  const column = geometry.columns.find(({ id }) => id === to.clinicianId);
  const start = Date.parse(to.start);
  const top = geometry.head + ((start - from) / QUARTER) * geometry.row;
  const transform = `translate3d(${(column?.left ?? 0) + 2}px, ${top}px, 0)`;
  shadow.style.transform = transform;
  (shadow.firstElementChild as HTMLElement).style.transform = `scaleY(${to.minutes / minutes})`;
  time.style.transform = transform;
  time.textContent = `${timeText(to.start, zone)} – ${timeText(instant(start + to.minutes * 60_000), zone)}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Only towards an edge that the hand has moved to: a card that lay near one stays under it. */
function scrollAtEdge(box: HTMLElement, from: Point, { x, y }: Point): void {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  if (y > bottom - EDGE && y > from.y) box.scrollTop += 8;
  else if (y < top + EDGE + 48 && y < from.y) box.scrollTop -= 8;
  if (x > right - EDGE && x > from.x) box.scrollLeft += 8;
  else if (x < left + EDGE && x < from.x) box.scrollLeft -= 8;
}

/** The click that a browser sends after a drag opens nothing. */
function swallowClick(grid: HTMLElement): void {
  const swallow = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
  };
  grid.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => grid.removeEventListener("click", swallow, { capture: true }), 0);
}
