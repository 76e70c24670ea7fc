import { demographicsReviewIdOf } from "#domain/demographics-review/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import {
  type DemographicField,
  type Demographics,
  demographicFields,
  identifyingFields,
  isIdentifying,
  mergeDemographics,
  type Patient,
} from "#domain/patient/index.ts";
import { refreshSafetyCard } from "#server/chart/index.ts";
import { DemographicsReviewEntity } from "#server/demographics-review/index.ts";
import { defineSlice, type HandlerContext, PartlyStored } from "#server/sync/slice.ts";
import { assertBorn, enteredBy, type Hand, openRecord, patientRecords, stateAt } from "./demographics.ts";
import type { Entered } from "./patient.entity.ts";

type Change = { readonly id: string } & {
  readonly [F in DemographicField]?: Demographics[F] | undefined;
};

const handOf = ({ user, stamp }: HandlerContext<Patient, Change>): Hand => ({
  by: user.id,
  at: stamp.at,
  deviceId: user.deviceId,
});

/**
 * Stores a change field by field beside what others changed meanwhile. A value that would be lost by it, and one that may
 * not replace who the patient is, become questions in the same transaction.
 */
async function update(context: HandlerContext<Patient, Change>) {
  const { practice, tx, mutation, args } = context;
  if (args.birthDate !== undefined) assertBorn(practice, args.birthDate);
  const record = await openRecord(tx.em, args.id);
  if (!record) throw new DomainError("missing_parent");
  const { now, entered, store } = record;
  // What somebody saw of a record that was merged into this one says nothing of what stands here.
  const redirected = mutation.args.id !== args.id;
  const base = redirected ? null : await stateAt(tx.em, now, mutation.base ?? 1);
  const hand = handOf(context);
  const isOwn = (field: DemographicField) =>
    entered?.[field]?.by === hand.by && entered[field].deviceId === hand.deviceId;
  const { take, replaced, waits } = mergeDemographics(args, base, now, isOwn);
  await store(take, hand);
  for (const field of [...replaced, ...waits]) raise(context, field, now, entered);
  await tx.em.flush();
  // A safety card shows who the patient is.
  if (identifyingFields.some((name) => name in take)) refreshSafetyCard(tx, args.id);
  if (waits.length === 0) return new PartlyStored(Object.keys(take));
  const reviews = waits.map((field) => demographicsReviewIdOf(mutation.id, field));
  return new PartlyStored(Object.keys(take), waits, {
    code: "demographics_conflict",
    detail: { waits, reviews },
  });
}

/** Keeps both values of a field: the one that stands in the record after this change, and the other. */
function raise(
  context: HandlerContext<Patient, Change>,
  field: DemographicField,
  now: Patient,
  entered: Entered | null,
): void {
  const { tx, mutation, args } = context;
  const { by, at } = handOf(context);
  const theirs = { value: now[field], by: entered?.[field]?.by ?? null, at: entered?.[field]?.at ?? null };
  const mine = { value: args[field]!, by, at };
  const [standing, other] = isIdentifying(field) ? [theirs, mine] : [mine, theirs];
  tx.em.create(DemographicsReviewEntity, {
    id: demographicsReviewIdOf(mutation.id, field),
    patientId: args.id,
    field,
    standing,
    other,
  });
}

export const patientSlice = defineSlice({
  ...patientRecords,
  handlers: {
    register: async (context) => {
      const { practice, tx, args, load, apply, save } = context;
      assertBorn(practice, args.birthDate);
      if (await load()) throw new DomainError("already_exists");
      const [{ number }]: [{ number: string }] = await tx.em.execute(
        "select nextval('patient_record_number') as number",
      );
      const prefix = practice.info.trial ? "TRIAL" : "P";
      const row = { ...apply(undefined)!, recordNumber: `${prefix}-${number.padStart(6, "0")}` };
      const given = Object.fromEntries(demographicFields.map((field) => [field, row[field]]));
      await save(row, { entered: enteredBy(null, given, handOf(context)) });
      refreshSafetyCard(tx, args.id);
    },
    update,
    markDeceased: async ({ load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      await save(apply(present)!);
    },
    /** Whether the chart is open to who tells of it was judged with the mutation. */
    openChart: async ({ tx, args }) => {
      const [known]: unknown[] = await tx.em.execute("select 1 from patient where id = ?", [args.id]);
      if (!known) throw new DomainError("missing_parent");
    },
  },
});
