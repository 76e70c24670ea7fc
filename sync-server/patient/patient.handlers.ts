import { DomainError } from "#domain/errors/catalog.ts";
import { type Patient, patient } from "#domain/patient/index.ts";
import { refreshSafetyCard } from "#server/chart/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { PatientEntity } from "./patient.entity.ts";

async function change<A extends { id: string }>({ tx, args, load, apply, save }: HandlerContext<Patient, A>) {
  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  await save(apply(present)!);
  await refreshSafetyCard(tx.em, args.id);
}

export const patientSlice = defineSlice({
  collection: patient,
  entity: PatientEntity,
  history: true,
  handlers: {
    register: async ({ practice, tx, args, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      const [{ number }]: [{ number: string }] = await tx.em.execute(
        "select nextval('patient_record_number') as number",
      );
      const prefix = practice.info.trial ? "TRIAL" : "P";
      await save({ ...apply(undefined)!, recordNumber: `${prefix}-${number.padStart(6, "0")}` });
      await refreshSafetyCard(tx.em, args.id);
    },
    update: change,
    markDeceased: change,
  },
});
