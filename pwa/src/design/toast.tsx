import { useLingui } from "@lingui/react";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { newId } from "#domain/kernel/id.ts";
import classes from "./toast.module.css";

interface Toast {
  readonly id: string;
  readonly words: string;
  readonly undo?: () => Promise<unknown>;
}

/** How long it stays, in milliseconds; pointing at it or focusing it makes it wait. */
const STAY = 10_000;

let toast: Toast | null = null;
const listeners = new Set<() => void>();

function show(next: Toast | null): void {
  toast = next;
  for (const listener of [...listeners]) listener();
}

/** Says what was done. `undo` takes it back while the words stand. */
export const say = (words: string, undo?: () => Promise<unknown>): void =>
  show({ id: newId(), words, ...(undo ? { undo } : {}) });

export const hush = (): void => show(null);

/** Takes back what the words on the screen are about. */
export const undoLast = async (): Promise<void> => {
  const { undo } = toast ?? {};
  if (!undo) return;
  show(null);
  await undo();
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

/** Where the words appear: one place at the lower edge of the page. */
export function ToastPlace() {
  const { i18n } = useLingui();
  const shown = useSyncExternalStore(subscribe, () => toast);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!shown || held) return;
    const timer = setTimeout(() => {
      if (toast === shown) show(null);
    }, STAY);
    return () => clearTimeout(timer);
  }, [shown, held]);
  useEffect(() => hush, []);
  return (
    <div role="status" className={classes.place}>
      {shown && (
        // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only makes it wait
        <div
          key={shown.id}
          className={classes.toast}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <IconCheck size={20} aria-hidden className={classes.icon} />
          <span>{shown.words}</span>
          {shown.undo && (
            <button
              type="button"
              className={classes.undo}
              onClick={() => {
                setHeld(false);
                void undoLast();
              }}
            >
              {i18n._("Undo")}
            </button>
          )}
          <button
            type="button"
            className={classes.close}
            aria-label={i18n._("Close")}
            onClick={() => {
              setHeld(false);
              hush();
            }}
          >
            <IconX size={18} aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
}
