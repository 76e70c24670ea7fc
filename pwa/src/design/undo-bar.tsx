import { useLingui } from "@lingui/react";
import { IconArrowBackUp, IconCheck, IconX } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { after } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { createValue } from "#pwa/local/value.ts";
import classes from "./undo-bar.module.css";

interface Done {
  readonly id: string;
  readonly text: string;
  readonly undo: (() => Promise<unknown>) | null;
}

/** Milliseconds for which the last step can be taken back by one tap. */
const SHOWN = 15_000;
const last = createValue<Done | null>(null);

/** Says what was just done, with a way back where there is one. */
export const sayDone = (text: string, undo: Done["undo"] = null): void =>
  last.set({ id: newId(), text, undo });

export function UndoBar() {
  const { i18n } = useLingui();
  const done = useSyncExternalStore(last.subscribe, last.get);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    setFailure(null);
    if (!done) return;
    return after(SHOWN, () => last.set(null));
  }, [done]);
  useEffect(() => () => last.set(null), []);
  const undo = () =>
    done?.undo?.().then(
      () => last.set(null),
      (error: unknown) => setFailure(errorText(error)),
    );
  return (
    <div role="status" className={classes.place}>
      {done && (
        <div className={classes.bar}>
          <IconCheck size={20} aria-hidden />
          <span className={classes.text}>{failure ?? done.text}</span>
          {done.undo && (
            <button type="button" className={classes.button} onClick={() => void undo()}>
              <IconArrowBackUp size={20} aria-hidden />
              {i18n._("Undo")}
            </button>
          )}
          <button
            type="button"
            className={classes.button}
            aria-label={i18n._("Close")}
            onClick={() => last.set(null)}
          >
            <IconX size={20} aria-hidden />
          </button>
        </div>
      )}
    </div>
  );
}
