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
  /** Shows where the card would land: one element, moved by transforms alone. */
  readonly ghost: RefObject<HTMLDivElement | null>;
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

/**
 * Dragging a card to another time or clinician, and its lower edge to another length. While it lasts React draws nothing:
 * the card and its landing place are moved by transforms. Quarter hours by default, five minutes with Shift. Escape puts
 * everything back.
 */
export function useBoardDrag(options: Options): void {
  const { scroller, canvas, ghost, enabled, actions } = options;
  const facts = useRef(options);
  useEffect(() => {
    facts.current = options;
  });
  useEffect(() => {
    const box = scroller.current;
    const grid = canvas.current;
    const shadow = ghost.current;
    if (!box || !grid || !shadow || !enabled) return;
    let held: Held | null = null;
    let dragging: (Held & { readonly geometry: Geometry }) | null = null;
    let landing: Dropped | null = null;
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
      frameRequest = requestAnimationFrame(paint);
    };

    const paint = () => {
      if (!dragging) return;
      scrollAtEdge(box, pointer);
      const { card, resize, geometry, start, minutes } = dragging;
      const { frame } = facts.current;
      const dx = pointer.x - dragging.x + box.scrollLeft - dragging.scrollLeft;
      const dy = pointer.y - dragging.y + box.scrollTop - dragging.scrollTop;
      const step = pointer.fine ? 5 : 15;
      const moved = (dy / geometry.row) * QUARTER;
      if (resize) {
        const end = snapped(
          { from: frame.from, to: Number.POSITIVE_INFINITY },
          start + minutes * 60_000 + moved,
          step,
        );
        const length = Math.min(60, Math.max(5, Math.round((end - start) / 300_000) * 5));
        landing = {
          id: dragging.id,
          clinicianId: dragging.clinicianId,
          start: instant(start),
          minutes: length,
        };
      } else {
        card.style.transform = `translate3d(${dx}px, ${dy}px, 0)`;
        const at = snapped(frame, start + moved, step);
        landing = {
          id: dragging.id,
          clinicianId: columnAt(geometry, pointer.x - grid.getBoundingClientRect().left),
          start: instant(at),
          minutes,
        };
      }
      place(shadow, landing, geometry, facts.current.frame, minutes);
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
      held = null;
      dragging = null;
      landing = null;
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
      const to = landing;
      end();
      if (!was) return;
      swallowClick(grid);
      const same =
        !to ||
        (to.clinicianId === was.clinicianId && to.start === instant(was.start) && to.minutes === was.minutes);
      try {
        if (!same) await actions.current.drop(to);
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
  }, [scroller, canvas, ghost, enabled, actions]);
}

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

function place(shadow: HTMLElement, to: Dropped, geometry: Geometry, frame: DayFrame, minutes: number): void {
  const column = geometry.columns.find(({ id }) => id === to.clinicianId);
  const start = Date.parse(to.start);
  const top = geometry.head + ((start - frame.from) / QUARTER) * geometry.row;
  shadow.style.transform = `translate3d(${(column?.left ?? 0) + 2}px, ${top}px, 0)`;
  const [fill, words] = shadow.children as unknown as [HTMLElement, HTMLElement];
  fill.style.transform = `scaleY(${to.minutes / minutes})`;
  const text = `${timeText(to.start, frame.zone)} – ${timeText(instant(start + to.minutes * 60_000), frame.zone)}`;
  if (words.textContent !== text) words.textContent = text;
}

function scrollAtEdge(box: HTMLElement, { x, y }: { readonly x: number; readonly y: number }): void {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  if (y > bottom - EDGE) box.scrollTop += 8;
  else if (y < top + EDGE + 48) box.scrollTop -= 8;
  if (x > right - EDGE) box.scrollLeft += 8;
  else if (x < left + EDGE) box.scrollLeft -= 8;
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
