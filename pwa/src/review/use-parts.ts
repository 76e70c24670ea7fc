import { useCallback, useEffect, useState } from "react";
import { instantNow } from "#domain/kernel/clock.ts";
import { type OpenedItem, openedItemSchema } from "#domain/sync/review-items.ts";
import { type Answered, ask } from "#pwa/local/index.ts";

type Opened = ReadonlyMap<string, OpenedItem>;

/**
 * The words of several parts, shown together once all are there, so that nothing moves while they come. What was read stays:
 * each is asked for once, and the clinic records that it was opened.
 */
export function useParts(ids: readonly string[]): Answered<Opened> {
  const [got, setGot] = useState<{ readonly value: Opened; readonly at: string } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const missing = ids.filter((id) => !got?.value.has(id)).join(" ");
  useEffect(() => {
    let shown = true;
    const wanted = missing === "" ? [] : missing.split(" ");
    void Promise.all(wanted.map((id) => ask(`/api/quarantine/${id}`, { answer: openedItemSchema }))).then(
      (answers) => {
        if (!shown) return;
        setFailure(null);
        setBusy(false);
        setGot((before) => ({
          value: new Map([...(before?.value ?? []), ...answers.map((one) => [one.id, one] as const)]),
          at: instantNow(),
        }));
      },
      (error: unknown) => {
        if (!shown) return;
        setFailure(error);
        setBusy(false);
      },
    );
    return () => {
      shown = false;
    };
  }, [missing, turn]);
  const reload = useCallback(() => {
    setBusy(true);
    setTurn((count) => count + 1);
  }, []);
  return { value: got?.value ?? null, at: got?.at ?? null, failure, busy, reload };
}
