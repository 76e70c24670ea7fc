import type { MangoQuery } from "rxdb/plugins/core";
import type { RowFilter } from "../local.ts";
import type { LocalDocument } from "./collections.ts";

const operators = { gte: "$gte", gt: "$gt", lte: "$lte", lt: "$lt", in: "$in", not: "$ne" } as const;

function condition(wanted: unknown): unknown {
  if (wanted === null || typeof wanted !== "object") return { $eq: wanted };
  const given = wanted as Partial<Record<keyof typeof operators, unknown>>;
  return Object.fromEntries(
    (Object.keys(operators) as (keyof typeof operators)[])
      .filter((name) => given[name] !== undefined)
      .map((name) => [operators[name], given[name]]),
  );
}

/** A screen's filter in the reactive layer's words. */
export function toQuery<R>(kind: string, filter: RowFilter<R>): MangoQuery<LocalDocument> {
  const selector: Record<string, unknown> = { kind: { $eq: kind } };
  for (const [name, wanted] of Object.entries(filter.where ?? {}))
    if (wanted !== undefined) selector[`row.${name}`] = condition(wanted);
  const { sort, limit } = filter;
  const by = typeof sort === "object" ? sort.by : sort;
  const order = typeof sort === "object" && sort.descending ? "desc" : "asc";
  return {
    selector,
    ...(by ? { sort: [{ [`row.${by}`]: order }, { id: order }] } : { sort: [{ id: "asc" }] }),
    ...(limit === undefined ? {} : { limit }),
  } as MangoQuery<LocalDocument>;
}
