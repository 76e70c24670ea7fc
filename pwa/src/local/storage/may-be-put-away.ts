import { type MergeLinks, recordsOf } from "#domain/patient/index.ts";

/** Milliseconds back from now that still count as today: an evening's clinic is not over at midnight. */
const BEHIND = 18 * 3_600_000;
/** Charts that were opened last: somebody may go on with them in a moment. */
const LAST_OPENED = 5;

/** What a tablet knows of its charts; patients by their ids. */
export interface ChartFacts {
  readonly now: number;
  /** Whose charts are here, or were put away. */
  readonly charts: readonly string[];
  /** In the order in which they were opened. */
  readonly opened: readonly string[];
  readonly visits: readonly { readonly patientId: string; readonly start: string }[];
  /** With a note that nobody has signed. */
  readonly drafts: readonly string[];
  /** With changes that the clinic has not taken. */
  readonly waiting: readonly string[];
  readonly links: MergeLinks;
}

/**
 * Charts that a tablet without room does without: those of visits that are over. Whoever comes today or later, was opened
 * just now, has an unsigned note or unsent work, stays, with every record of that person.
 */
export function mayBePutAway(facts: ChartFacts): readonly string[] {
  const { now, charts, opened, visits, drafts, waiting, links } = facts;
  const coming = visits.filter(({ start }) => Date.parse(start) > now - BEHIND);
  const named = [...coming.map(({ patientId }) => patientId), ...drafts, ...waiting];
  const needed = new Set([...named, ...opened.slice(-LAST_OPENED)].flatMap((id) => recordsOf(links, id)));
  return charts.filter((id) => !needed.has(id));
}
