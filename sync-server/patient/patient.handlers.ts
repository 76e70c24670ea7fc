import { DomainError } from "#domain/errors/catalog.ts";
import { ageOn, dateIn } from "#domain/kernel/instant.ts";
import { type Patient, patient } from "#domain/patient/index.ts";
import { assertChartOpen, refreshSafetyCard } from "#server/chart/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { PatientEntity } from "./patient.entity.ts";

/** Nobody is registered who is born tomorrow or was born before anybody living. */
function assertBorn({ info }: Practice, birthDate: string): void {
  const today = dateIn(info.zone);
  if (birthDate > today || ageOn(birthDate, today) > 130)
    throw new DomainError("invalid_arguments", {
      field: "birthDate",
      problem: "is not the birth date of a living person",
    });
}

/** What a safety card shows of the demographics. */
const onTheCard = ["givenName", "familyName", "birthDate", "sex"] as const;

async function change<A extends { id: string; birthDate?: string | undefined }>({
  practice,
  tx,
  args,
  load,
  apply,
  save,
}: HandlerContext<Patient, A>) {
  if (args.birthDate !== undefined) assertBorn(practice, args.birthDate);

  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  await save(apply(present)!);
  if (onTheCard.some((name) => name in args)) refreshSafetyCard(tx, args.id);
}

export const patientSlice = defineSlice({
  collection: patient,
  entity: PatientEntity,
  history: true,
  handlers: {
    register: async ({ practice, tx, args, load, apply, save }) => {
      assertBorn(practice, args.birthDate);
      if (await load()) throw new DomainError("already_exists");
      const [{ number }]: [{ number: string }] = await tx.em.execute(
        "select nextval('patient_record_number') as number",
      );
      const prefix = practice.info.trial ? "TRIAL" : "P";
      await save({ ...apply(undefined)!, recordNumber: `${prefix}-${number.padStart(6, "0")}` });
      refreshSafetyCard(tx, args.id);
    },
    update: change,
    markDeceased: change,
    openChart: async ({ tx, args, user }) => {
      const [known]: unknown[] = await tx.em.execute("select 1 from patient where id = ?", [args.id]);
      if (!known) throw new DomainError("missing_parent");
      await assertChartOpen(tx.em, user.id, args.id);
    },
  },
});
