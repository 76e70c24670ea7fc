import { useState } from "react";
import { errorText } from "#pwa/language/error-text.ts";

export interface Saving {
  readonly busy: boolean;
  readonly failure: string | null;
  /** Runs the work once at a time. What was typed stays where it is when it fails. @returns whether it succeeded */
  save(work: () => Promise<unknown>): Promise<boolean>;
}

/** The state of a form that is being saved. */
export function useSaving(): Saving {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  return {
    busy,
    failure,
    async save(work) {
      if (busy) return false;
      setBusy(true);
      setFailure(null);
      try {
        await work();
        return true;
      } catch (error) {
        setFailure(errorText(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
