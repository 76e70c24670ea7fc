import type { Patient } from "#domain/patient/index.ts";
import { useRecords, useRows } from "#pwa/local/index.ts";

/** The records that were merged into the one that stands for this person, as they were written. */
export function useMerged(patientId: string): readonly Patient[] {
  const merged = useRecords(patientId).slice(1);
  return useRows("patient", { where: { id: { in: merged } } }).rows;
}
