import { useCallback, useEffect, useRef, useState } from "react";
import type { ZodType } from "zod";
import { after } from "#domain/kernel/clock.ts";
import { local } from "./current.ts";

/** What the clinic answered last. `value` stays while a newer answer is on its way or fails to come. */
export interface Answered<T> {
  readonly value: T | null;
  readonly failure: unknown;
  reload(): void;
}

/** Asks the clinic for a screen that exists only online; `every` milliseconds again while it is shown. */
export function useAnswer<T>(path: string, answer: ZodType<T>, every?: number): Answered<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const shape = useRef(answer);
  useEffect(() => {
    let shown = true;
    let cancel = () => {};
    const load = () =>
      local()
        .ask(path, { answer: shape.current })
        .then(
          (next) => {
            if (!shown) return;
            setValue(next as T);
            setFailure(null);
          },
          (error: unknown) => {
            if (shown) setFailure(error);
          },
        )
        .then(() => {
          if (shown && every !== undefined) cancel = after(every, () => void load());
        });
    void load();
    return () => {
      shown = false;
      cancel();
    };
  }, [path, every, turn]);
  return { value, failure, reload: useCallback(() => setTurn((count) => count + 1), []) };
}
