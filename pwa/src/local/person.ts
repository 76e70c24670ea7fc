import { useCallback, useMemo, useSyncExternalStore } from "react";
import { isSamePerson, type MergeLinks, recordsOf, survivorOf } from "#domain/patient/index.ts";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import { local } from "./current.ts";
import type { RowFilter } from "./local.ts";

/** Merged records and what each points to. */
export function useMergeLinks(): MergeLinks {
  const { mergeLinks } = local();
  return useSyncExternalStore(mergeLinks.subscribe, mergeLinks.get);
}

/** Every record of a person, the surviving one first. */
export function useRecords(patientId: string): readonly string[] {
  const links = useMergeLinks();
  return useMemo(() => recordsOf(links, patientId), [links, patientId]);
}

/** The record that stands for a person. */
export const useSurvivor = (patientId: string): string => survivorOf(useMergeLinks(), patientId);

/** Says whether two ids name one person. */
export function useSamePerson(): (a: string, b: string) => boolean {
  const links = useMergeLinks();
  return useCallback((a: string, b: string) => isSamePerson(links, a, b), [links]);
}

/** What is asked of one patient is asked of all records of that person (C07): no list shows half of a merged chart. */
export function ofThePerson<N extends CollectionName>(
  links: MergeLinks,
  filter: RowFilter<RowOf<N>>,
): RowFilter<RowOf<N>> {
  const where = filter.where as Readonly<Record<string, unknown>> | undefined;
  if (links.size === 0 || typeof where?.patientId !== "string") return filter;
  const records = recordsOf(links, where.patientId);
  if (records.length === 1) return filter;
  return { ...filter, where: { ...where, patientId: { in: records } } } as unknown as RowFilter<RowOf<N>>;
}
