import type { Mutation, Row } from "./collection.ts";

/** Part of a mutation that says how its arguments are to be read. */
export interface Versioned {
  readonly v: number;
  readonly args: Row & Readonly<Record<string, unknown>>;
}

/** Written by a later release than this one. */
export const isNewer = (mutation: Pick<Mutation, "v">, { v }: Pick<Versioned, "v">): boolean =>
  v > mutation.v;

/** The arguments as this release writes them, not yet checked; null where it cannot say. */
export function presentArgs(
  { v: present, earlier }: Pick<Mutation, "v" | "earlier">,
  { v, args }: Versioned,
): Versioned["args"] | null {
  if (v > present) return null;
  let form = args;
  for (let version = v; version < present; version++) {
    const step = earlier?.[version];
    if (!step) return null;
    form = { ...step.upcast(form), id: args.id };
  }
  return form;
}
