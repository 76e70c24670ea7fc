import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { instantNow } from "#domain/kernel/clock.ts";

/**
 * The moment a page is printed, which stands on it, and the report that it was (C29): by its button or by the browser's
 * own command, which nobody can take away.
 * @returns when it was printed last; until then the time it was opened
 */
export function usePrint(report: () => Promise<unknown>): string {
  const [at, setAt] = useState(instantNow);
  const latest = useRef(report);
  latest.current = report;
  useEffect(() => {
    const onPrint = () => {
      // The browser takes the page as it stands when this returns.
      flushSync(() => setAt(instantNow()));
      void latest.current().catch(() => {});
    };
    addEventListener("beforeprint", onPrint);
    return () => removeEventListener("beforeprint", onPrint);
  }, []);
  return at;
}
