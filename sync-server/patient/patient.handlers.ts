import { DomainError } from "#domain/errors/catalog.ts";
import { patient } from "#domain/patient/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { PatientEntity } from "./patient.entity.ts";

export const patientSlice = defineSlice({
  collection: patient,
  entity: PatientEntity,
  handlers: {
    register: async ({ practice, tx, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      const [{ number }]: [{ number: string }] = await tx.em.execute(
        "select nextval('patient_record_number') as number",
      );
      const prefix = practice.info.trial ? "TRIAL" : "P";
      await save({ ...apply(undefined)!, recordNumber: `${prefix}-${number.padStart(6, "0")}` });
    },
    update: async ({ load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      await save(apply(present)!);
    },
  },
});
