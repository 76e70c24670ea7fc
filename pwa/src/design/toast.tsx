import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { after } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { createValue } from "#pwa/local/value.ts";
import { clearOf } from "./clear-of.ts";
import classes from "./toast.module.css";

type Undo = () => Promise<unknown>;

interface Toast {
  readonly id: string;
  readonly words: string;
  readonly undo: Undo | null;
  /** The words are why taking it back did not work. */
  readonly failed?: true;
}

/** How long it stays, in milliseconds; pointing at it or focusing it makes it wait. */
const STAY = 15_000;

const last = createValue<Toast | null>(null);

/** Says what was done. `undo` takes it back while the words stand. */
export const say = (words: string, undo: Undo | null = null): void => last.set({ id: newId(), words, undo });

const hush = (): void => last.set(null);

/** Takes back what the words on the screen are about; what went wrong with that stands in their place. */
export const undoLast = async (): Promise<void> => {
  const toast = last.get();
  if (!toast?.undo) return;
  last.set({ ...toast, undo: null });
  try {
    await toast.undo();
  } catch (error) {
    last.set({ ...toast, words: errorText(error), failed: true });
    return;
  }
  // Taking back may have said something of its own.
  if (last.get()?.id === toast.id) hush();
};

/** Where the words appear: one place at the lower edge of the page, above any main button that stands there. */
export function ToastPlace() {
  const toast = useSyncExternalStore(last.subscribe, last.get);
  useEffect(() => hush, []);
  return (
    <div role="status" className={classes.place}>
      {toast && <Shown key={toast.id} toast={toast} />}
    </div>
  );
}

function Shown({ toast }: { readonly toast: Toast }) {
  const { i18n } = useLingui();
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const held = pointed || focused;
  const IconOf = toast.failed ? IconAlertTriangle : IconCheck;
  useEffect(() => {
    if (!held) return after(STAY, hush);
  }, [held]);
  useLayoutEffect(() => clearOf(box.current!), []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only makes it wait
    <div
      ref={box}
      className={classes.toast}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <IconOf size={20} aria-hidden className={classes.icon} data-failed={toast.failed} />
      <span className={classes.words}>{toast.words}</span>
      {toast.undo && (
        <button type="button" className={classes.undo} onClick={() => void undoLast()}>
          <IconArrowBackUp size={20} aria-hidden />
          {i18n._("Undo")}
        </button>
      )}
      <button type="button" className={classes.close} aria-label={i18n._("Close")} onClick={hush}>
        <IconX size={18} aria-hidden />
      </button>
    </div>
  );
}
