import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import {
  identifyingFields,
  isSamePerson,
  type MergeLinks,
  recordsOf,
  survivorOf,
} from "#domain/patient/index.ts";
import type { FoundMutation } from "#domain/registry.ts";
import { patientOf } from "#server/audit/attempt.ts";
import type { EntityManager } from "#server/database/database.ts";

export interface Redirected {
  readonly args: Row;
  /** The patient that the tablet named, where the change is made for another record of the same person. */
  readonly namedPatientId: string | null;
}

/** A change of the demographics of a merged record is made to the survivor's, except for what tells who somebody is. */
function ofThePatient(links: MergeLinks, args: Row): Redirected {
  const survivor = survivorOf(links, args.id);
  if (survivor === args.id) return { args, namedPatientId: null };
  if (identifyingFields.some((name) => name in args))
    throw new DomainError("patient_merged", { into: survivor });
  return { args: { ...args, id: survivor }, namedPatientId: args.id };
}

/**
 * Where a change belongs that names a patient who has more than one record (C07): a new entry is made for the survivor, a
 * change of an entry stays with the record it stands in. So a tablet may name either of them, before and after it heard
 * of the merge.
 */
export async function forThePerson(
  em: EntityManager,
  links: MergeLinks,
  { collection, collectionName }: FoundMutation,
  args: Row,
): Promise<Redirected> {
  const same = { args, namedPatientId: null };
  if (links.size === 0) return same;
  if (collectionName === "patient") return ofThePatient(links, args);
  const named = idSchema.safeParse(Reflect.get(args, "patientId")).data;
  if (named === undefined || recordsOf(links, named).length === 1) return same;
  const own = collection.idFor?.({ ...args, patientId: named }, named);
  const place = own === args.id ? undefined : await patientOf(em, { type: collectionName, id: args.id });
  const patientId = place && isSamePerson(links, place, named) ? place : survivorOf(links, named);
  if (patientId === named) return same;
  const id = own === args.id ? (collection.idFor!({ ...args, patientId }, named) ?? args.id) : args.id;
  return { args: { ...args, id, patientId } as Row, namedPatientId: named };
}
