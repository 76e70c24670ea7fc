import { LockMode } from "@mikro-orm/core";
import { holdsSlot } from "#domain/appointment/index.ts";
import { encounter, encounterIdOf } from "#domain/encounter/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { AppointmentEntity } from "#server/appointment/index.ts";
import { samePerson } from "#server/patient/index.ts";
import { assertSeesPatients } from "#server/staff/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { EncounterEntity } from "./encounter.entity.ts";

export const encounterSlice = defineSlice({
  collection: encounter,
  entity: EncounterEntity,
  handlers: {
    /** Starting twice, from two tablets, is one encounter. */
    start: async ({ tx, args, load, apply, save }) => {
      const booked = await tx.em.findOne(
        AppointmentEntity,
        { id: args.appointmentId },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      if (!booked) throw new DomainError("missing_parent");
      const right = args.id === encounterIdOf(args.appointmentId);
      if (!right || !(await samePerson(tx.em, booked.patientId, args.patientId)))
        throw new DomainError("invalid_arguments", {
          field: "patientId",
          problem: "is not the appointment's patient",
        });
      const running = await load();
      if (running) return;
      if (!holdsSlot(booked.status)) throw new DomainError("status_not_forward");
      // Another clinician may stand in; the note will be hers.
      if (args.clinicianId !== booked.clinicianId)
        await assertSeesPatients(tx.em, args.clinicianId, ["clinician"]);
      await save(apply(undefined)!);
    },
    finish: async ({ load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      await save(apply(present)!);
    },
  },
});
