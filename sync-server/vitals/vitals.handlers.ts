import { problemsOfVitals } from "#domain/code-set/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { dateIn, daysBetween } from "#domain/kernel/instant.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { type Vitals, vitals } from "#domain/vitals/index.ts";
import { addFact, assertChartOpen, changeFact } from "#server/chart/index.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { PatientEntity, samePerson } from "#server/patient/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { VitalsEntity } from "./vitals.entity.ts";

const record = addFact<Vitals, ArgsOf<"vitals.record">>();

/**
 * C15: canonical units only, nothing impossible for the patient's age when it was taken, nothing implausible that nobody
 * confirmed. The tablet has asked the same before; a program or an older tablet may not have.
 * @throws {DomainError} invalid_arguments · value_not_confirmed · missing_parent
 */
async function assertMeasured({
  practice,
  tx,
  args,
}: HandlerContext<Vitals, ArgsOf<"vitals.record">>): Promise<void> {
  const patient = await tx.em.findOne(PatientEntity, { id: args.patientId });
  if (!patient) throw new DomainError("missing_parent");
  const taken = dateIn(practice.info.zone, args.takenAt);
  const ageDays = daysBetween(patient.birthDate, taken);
  if (ageDays < 0)
    throw new DomainError("invalid_arguments", { field: "takenAt", problem: "is before the birth" });
  const problems = problemsOfVitals(args.measurements, { ageDays, sex: patient.sex });
  const refused = problems.find(({ problem }) => problem !== "implausible");
  if (refused)
    throw new DomainError("invalid_arguments", {
      field: `measurements.${refused.code}`,
      problem: refused.problem,
    });
  if (problems.length > 0)
    throw new DomainError("value_not_confirmed", { codes: problems.map(({ code }) => code) });
}

export const vitalsSlice = defineSlice({
  collection: vitals,
  entity: VitalsEntity,
  history: true,
  handlers: {
    record: async (context) => {
      await assertMeasured(context);
      return record(context);
    },
    enterInError: changeFact(),
    /** To another patient, from a chart the person may open into one they may open (C05). */
    move: async ({ tx, args, user, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      await assertChartOpen(tx.em, user, present.patientId);
      const patient = await tx.em.findOne(PatientEntity, { id: args.patientId });
      if (!patient) throw new DomainError("missing_parent");
      // Also of two records that were merged: nothing would move, and "moved" would be said of it.
      if (await samePerson(tx.em, present.patientId, patient.id)) throw new DomainError("same_patient");
      if (args.encounterId) {
        const encounter = await tx.em.findOne(EncounterEntity, { id: args.encounterId });
        if (!encounter || !(await samePerson(tx.em, encounter.patientId, args.patientId)))
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
