import * as z from "zod";
import type { MutationStamp } from "../collection.ts";
import { folded } from "../kernel/fold.ts";
import { idSchema } from "../kernel/id.ts";
import { changeOf, type Fact, seenSchema } from "./fact.ts";

/** Of an entry that says what another one says: the entry that stands for both (C12). It keeps its own words. */
export const duplicateFields = { duplicateOf: idSchema.nullable() } as const;

export interface Joinable extends Fact {
  readonly status: string;
  readonly duplicateOf: string | null;
}

/** What a joining names: the entry that stays, and both as the person saw them. */
export const joinFields = { keptId: idSchema, seen: seenSchema, keptSeen: seenSchema } as const;
export const joinSchema = z.strictObject({ id: idSchema, patientId: idSchema, ...joinFields });
export type Join = z.infer<typeof joinSchema>;

/** Nothing of the two is mixed: one stays as it is, the other counts no longer and can be brought back. */
export const joined = <R extends Joinable>(view: R | undefined, { keptId }: Join, stamp: MutationStamp) =>
  view && view.status === "active" && view.id !== keptId
    ? { ...view, status: "entered-in-error" as const, duplicateOf: keptId, lastChange: changeOf(stamp) }
    : view;

/** They were two after all. */
export const separated = <R extends Joinable>(view: R | undefined, stamp: MutationStamp) =>
  view && view.status === "entered-in-error" && view.duplicateOf
    ? { ...view, status: "active" as const, duplicateOf: null, lastChange: changeOf(stamp) }
    : view;

/**
 * Entries of different records of one person that say the same, two by two: what merging made into duplicates. An entry
 * is in one pair at a time, so that each question is about two.
 */
export function twiceListed<R extends Pick<Fact, "id" | "patientId">>(
  entries: readonly R[],
  same: (a: R, b: R) => boolean,
): [R, R][] {
  const pairs: [R, R][] = [];
  const taken = new Set<R>();
  for (const one of entries) {
    if (taken.has(one)) continue;
    const other = entries.find(
      (each) => each.patientId !== one.patientId && !taken.has(each) && same(one, each),
    );
    if (!other) continue;
    taken.add(one).add(other);
    pairs.push([one, other]);
  }
  return pairs;
}

/** Two names in own words are the same when only case, accents and signs differ. */
const plain = (words: string): string =>
  folded(words)
    .replace(/[^\p{Letter}\p{Number}]+/gu, " ")
    .trim();

/** Whether two entries name one thing: by their code where both have one, by their words otherwise. */
export const sameThing = (
  a: { readonly code: string | null; readonly words: string },
  b: { readonly code: string | null; readonly words: string },
): boolean => (a.code !== null && b.code !== null ? a.code === b.code : plain(a.words) === plain(b.words));
