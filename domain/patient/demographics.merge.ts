import { canonical } from "../kernel/canonical.ts";
import type { Patient } from "./patient.schema.ts";

/** What tells who somebody is. It never changes without somebody having seen what it replaces (C04, C07). */
export const identifyingFields = ["givenName", "familyName", "birthDate", "sex"] as const;

/** What people change of a patient. */
export const demographicFields = [
  ...identifyingFields,
  "preferredName",
  "gender",
  "pronouns",
  "language",
  "interpreter",
  "phone",
  "email",
  "address",
  "contacts",
] as const;
export type DemographicField = (typeof demographicFields)[number];

const identifying: ReadonlySet<string> = new Set(identifyingFields);
export const isIdentifying = (field: string): boolean => identifying.has(field);

export type Demographics = Pick<Patient, DemographicField>;

export interface MergedDemographics {
  /** What is stored. */
  readonly take: Partial<Demographics>;
  /** Fields in which `take` replaces a value that its author never saw. */
  readonly replaced: readonly DemographicField[];
  /** Identifying fields that stay as they are until somebody decides. */
  readonly waits: readonly DemographicField[];
}

/**
 * Merges a change into what is stored now, field by field. `base` is what its author saw; null when that is not known,
 * and then whatever differs counts as changed by both. `isOwn` says whether a value that is stored now is from the same
 * hand on the same device: an earlier change, which its author knew of, even where the clinic had not answered.
 */
export function mergeDemographics(
  change: { readonly [F in DemographicField]?: Demographics[F] | undefined },
  base: Demographics | null,
  now: Demographics,
  isOwn: (field: DemographicField) => boolean,
): MergedDemographics {
  const take: Record<string, unknown> = {};
  const replaced: DemographicField[] = [];
  const waits: DemographicField[] = [];
  for (const field of demographicFields) {
    const mine = change[field];
    if (mine === undefined || same(mine, now[field])) continue;
    if (!(base && same(now[field], base[field])) && !isOwn(field)) {
      if (base && same(mine, base[field])) continue; // only the others changed it
      if (isIdentifying(field)) {
        waits.push(field);
        continue;
      }
      replaced.push(field);
    }
    take[field] = mine;
  }
  return { take: take as Partial<Demographics>, replaced, waits };
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
