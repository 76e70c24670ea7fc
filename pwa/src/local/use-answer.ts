import { useCallback, useEffect, useRef, useState } from "react";
import type { ZodType } from "zod";
import { after, instantNow } from "#domain/kernel/clock.ts";
import { local } from "./current.ts";
import { useConnection } from "./hooks.ts";

/** What the clinic answered last. `value` stays while a newer answer is on its way or fails to come. */
export interface Answered<T> {
  readonly value: T | null;
  /** When `value` came, by this tablet's clock. */
  readonly at: string | null;
  readonly failure: unknown;
  /** Somebody asked again, and the answer is on its way. */
  readonly busy: boolean;
  reload(): void;
}

/**
 * Asks the clinic for a screen that exists only online; `every` milliseconds again while it is shown, and at once when
 * the clinic answers again after it was away.
 */
export function useAnswer<T>(path: string, answer: ZodType<T>, every?: number): Answered<T> {
  const [got, setGot] = useState<{ readonly value: T; readonly at: string } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const shape = useRef(answer);
  const reload = useCallback(() => {
    setBusy(true);
    setTurn((count) => count + 1);
  }, []);
  useEffect(() => {
    let shown = true;
    let cancel = () => {};
    const load = () =>
      local()
        .ask(path, { answer: shape.current })
        .then(
          (next) => {
            if (!shown) return;
            setGot({ value: next as T, at: instantNow() });
            setFailure(null);
          },
          (error: unknown) => {
            if (shown) setFailure(error);
          },
        )
        .then(() => {
          if (!shown) return;
          setBusy(false);
          if (every !== undefined) cancel = after(every, () => void load());
        });
    void load();
    return () => {
      shown = false;
      cancel();
    };
  }, [path, every, turn]);
  useOnReturn(reload);
  return { value: got?.value ?? null, at: got?.at ?? null, failure, busy, reload };
}

/** Runs `work` each time the clinic answers again after it was away. */
export function useOnReturn(work: () => void): void {
  const answers = useConnection().offlineSince === null;
  const away = useRef(false);
  useEffect(() => {
    if (answers && away.current) work();
    away.current = !answers;
  }, [answers, work]);
}
