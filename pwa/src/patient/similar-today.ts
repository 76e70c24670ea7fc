import { useMemo } from "react";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type Patient, similarNames, survivorOf } from "#domain/patient/index.ts";
import { useMergeLinks, useRow, useRows, useSession } from "#pwa/local/index.ts";

/** Patients of today who could be taken for this one by their name (C04). */
export function useSimilarToday(patientId: string): readonly Patient[] {
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const date = dateIn(zone);
  const { row: patient } = useRow("patient", patientId);
  const { rows: visits } = useRows("appointment", {
    where: { start: { gte: instantIn(zone, date, "00:00"), lt: instantIn(zone, addDays(date, 1), "00:00") } },
  });
  const links = useMergeLinks();
  const coming = useMemo(() => {
    const all = visits
      .filter(({ status }) => status !== "cancelled" && status !== "no-show")
      .map((visit) => survivorOf(links, visit.patientId));
    return [...new Set(all)].filter((id) => id !== survivorOf(links, patientId));
  }, [visits, links, patientId]);
  const { rows: others } = useRows("patient", { where: { id: { in: coming } } });
  return useMemo(
    () => (patient ? others.filter((other) => similarNames(patient, other)) : []),
    [patient, others],
  );
}
