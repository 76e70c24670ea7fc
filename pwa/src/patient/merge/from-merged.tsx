import { useLingui } from "@lingui/react";
import { longDateText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { useMerged } from "./use-merged.ts";

/** Says of an entry that it was written in a record which was merged into this one, and when; null for the person's own. */
export function useFromMerged(patientId: string): (entry: { readonly patientId: string }) => string | null {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const merged = useMerged(patientId);
  return (entry) => {
    const record = merged.find(({ id }) => id === entry.patientId);
    return record?.mergedAt
      ? i18n._("from the record merged on {date}", {
          date: longDateText(record.mergedAt, practice?.zone ?? "UTC"),
        })
      : null;
  };
}
