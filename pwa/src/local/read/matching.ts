import type { RowFilter } from "../local.ts";

type Fields = Readonly<Record<string, unknown>>;

const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return (a as string | number) < (b as string | number) ? -1 : 1;
};

function holds(value: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== "object") return value === wanted;
  const { gte, gt, lte, lt, in: among, not } = wanted as Record<string, unknown>;
  if (gte !== undefined && compare(value, gte) < 0) return false;
  if (gt !== undefined && compare(value, gt) <= 0) return false;
  if (lte !== undefined && compare(value, lte) > 0) return false;
  if (lt !== undefined && compare(value, lt) >= 0) return false;
  if (among !== undefined && !(among as unknown[]).includes(value)) return false;
  return not === undefined || value !== not;
}

/**
 * A filter applied to plain rows: the same answer as the reactive layer gives, for the moments before that is loaded and
 * for single questions. Cost: every row of the collection is looked at once.
 */
export function matching<R>(rows: Iterable<Fields>, filter: RowFilter<R>): Fields[] {
  const where = Object.entries(filter.where ?? {}).filter(([, wanted]) => wanted !== undefined);
  const found: Fields[] = [];
  for (const row of rows) if (where.every(([name, wanted]) => holds(row[name], wanted))) found.push(row);
  const { sort, limit } = filter;
  const by = typeof sort === "object" ? sort.by : sort;
  const direction = typeof sort === "object" && sort.descending ? -1 : 1;
  found.sort((a, b) => (by && direction * compare(a[by], b[by])) || direction * compare(a.id, b.id));
  return limit === undefined ? found : found.slice(0, limit);
}
