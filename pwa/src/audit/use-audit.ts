import { useCallback, useEffect, useRef, useState } from "react";
import { instantNow } from "#domain/kernel/clock.ts";
import { type Answered, useOnReturn } from "#pwa/local/index.ts";
import { type AuditRecord, type Filter, fetchPage, type Names } from "./audit-records.ts";

interface Found {
  readonly filter: Filter;
  readonly records: readonly AuditRecord[];
  readonly names: Names;
  readonly next: number | undefined;
  readonly at: string;
}

export interface AuditFound extends Pick<Answered<unknown>, "at" | "failure" | "busy" | "reload"> {
  /** Null until the clinic has answered this question. */
  readonly records: readonly AuditRecord[] | null;
  readonly names: Names;
  readonly more: boolean;
  loadMore(): void;
}

const noNames: Names = {};

/** The records that match, page by page. Under another question nothing of the old answer is shown. */
export function useAudit(filter: Filter, zone: string): AuditFound {
  const [found, setFound] = useState<Found | null>(null);
  const [failed, setFailed] = useState<{ readonly filter: Filter; readonly error: unknown } | null>(null);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let current = true;
    fetchPage(filter, zone)
      .then(
        ({ records, names, next }) => {
          if (!current) return;
          setFound({ filter, records, names, next, at: instantNow() });
          setFailed(null);
        },
        (error: unknown) => current && setFailed({ filter, error }),
      )
      .finally(() => current && setBusy(false));
    return () => {
      current = false;
    };
  }, [filter, zone, round]);

  const shown = found?.filter === filter ? found : null;
  const failure = failed?.filter === filter ? failed.error : null;
  const reload = useCallback(() => {
    setBusy(true);
    setRound((count) => count + 1);
  }, []);
  const missing = useRef(false);
  missing.current = !shown && failure !== null;
  useOnReturn(useCallback(() => missing.current && reload(), [reload]));

  const loadMore = () => {
    setBusy(true);
    setFailed(null);
    fetchPage(filter, zone, shown?.next)
      .then(
        ({ records, names, next }) =>
          setFound((now) =>
            now?.filter === filter
              ? { ...now, records: [...now.records, ...records], names: { ...now.names, ...names }, next }
              : now,
          ),
        (error: unknown) => setFailed({ filter, error }),
      )
      .finally(() => setBusy(false));
  };
  return {
    records: shown?.records ?? null,
    names: shown?.names ?? noNames,
    at: shown?.at ?? null,
    more: shown?.next !== undefined,
    failure,
    busy,
    reload,
    loadMore,
  };
}
