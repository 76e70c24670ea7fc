import { holdsSlot } from "#domain/appointment/index.ts";
import { encounter, encounterIdOf } from "#domain/encounter/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { AppointmentEntity } from "#server/appointment/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { EncounterEntity } from "./encounter.entity.ts";

export const encounterSlice = defineSlice({
  collection: encounter,
  entity: EncounterEntity,
  handlers: {
    /** Starting twice, from two tablets, is one encounter. */
    start: async ({ tx, args, load, apply, save }) => {
      const booked = await tx.em.findOne(AppointmentEntity, { id: args.appointmentId });
      if (!booked) throw new DomainError("missing_parent");
      if (booked.patientId !== args.patientId || args.id !== encounterIdOf(args.appointmentId))
        throw new DomainError("invalid_arguments", {
          field: "patientId",
          problem: "is not the appointment's patient",
        });
      const present = await load();
      if (!present && !holdsSlot(booked.status)) throw new DomainError("status_not_forward");
      await save(apply(present)!);
    },
    finish: async ({ load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      await save(apply(present)!);
    },
  },
});
