import { DomainError } from "#domain/errors/catalog.ts";
import { vitals } from "#domain/vitals/index.ts";
import { addFact, assertChartOpen, changeFact } from "#server/chart/index.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { PatientEntity } from "#server/patient/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { VitalsEntity } from "./vitals.entity.ts";

export const vitalsSlice = defineSlice({
  collection: vitals,
  entity: VitalsEntity,
  history: true,
  handlers: {
    record: addFact(),
    enterInError: changeFact(),
    /** To the right patient, from a chart the person may open into one they may open (C05). */
    move: async ({ tx, args, user, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      await assertChartOpen(tx.em, user.id, present.patientId);
      const patient = await tx.em.findOne(PatientEntity, { id: args.patientId });
      if (!patient) throw new DomainError("missing_parent");
      if (args.encounterId) {
        const encounter = await tx.em.findOne(EncounterEntity, { id: args.encounterId });
        if (encounter?.patientId !== args.patientId)
          throw new DomainError("invalid_arguments", {
            field: "encounterId",
            problem: "is not the patient's",
          });
      }
      if (present.status !== "final") throw new DomainError("entry_closed");
      await save(apply(present)!);
    },
  },
});
