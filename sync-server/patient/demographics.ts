import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { ageOn, dateIn } from "#domain/kernel/instant.ts";
import { type Demographics, type Patient, patient } from "#domain/patient/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Practice } from "#server/practice/practice.ts";
import { keepState, rowAccess } from "#server/sync/slice.ts";
import { type Entered, PatientEntity } from "./patient.entity.ts";

/** Where patients are stored, and that what stood there before is kept. */
export const patientRecords = { collection: patient, entity: PatientEntity, history: true } as const;

/** Who enters something, when, and on which device. */
export interface Hand {
  readonly by: string;
  readonly at: string;
  readonly deviceId: string;
}

/** Nobody is registered who is born tomorrow or was born before anybody living. */
export function assertBorn({ info }: Practice, birthDate: string): void {
  const today = dateIn(info.zone);
  if (birthDate > today || ageOn(birthDate, today) > 130)
    throw new DomainError("invalid_arguments", {
      field: "birthDate",
      problem: "is not the birth date of a living person",
    });
}

/** Puts every field of `take` down to `hand`. */
export const enteredBy = (before: Entered | null, take: Partial<Demographics>, hand: Hand): Entered => ({
  ...before,
  ...Object.fromEntries(Object.keys(take).map((field) => [field, hand])),
});

/** What the record held in version `base`; null when the history does not know. */
export async function stateAt(
  em: EntityManager,
  now: Patient & { readonly version: number },
  base: number,
): Promise<Demographics | null> {
  if (base === now.version) return now;
  const [kept]: { data: Demographics }[] = await em.execute(
    "select data from row_history where collection = ? and record_id = ? and version = ?",
    [patient.name, now.id, base],
  );
  return kept?.data ?? null;
}

/** A patient's record, locked, with who entered what; null when there is none. */
export async function openRecord(em: EntityManager, id: string) {
  const { load, save } = rowAccess(em, patientRecords as never, id);
  const now = (await load()) as (Patient & { version: number }) | undefined;
  if (!now) return null;
  const record = await em.findOne(PatientEntity, { id });
  const entered = record?.entered ?? null;
  return {
    now,
    entered,
    store: (take: Partial<Demographics>, hand: Hand): Promise<void> =>
      save({ ...now, ...take } as Row, { entered: enteredBy(entered, take, hand) }),
  };
}

/** Keeps what stands in these records before the caller marks them with a statement of its own. */
export async function keepBeforeMark(em: EntityManager, ids: readonly string[]): Promise<void> {
  const records = await em.find(PatientEntity, { id: { $in: [...ids] } }, { disableIdentityMap: true });
  for (const record of records) await keepState(em, patient as never, record);
}
