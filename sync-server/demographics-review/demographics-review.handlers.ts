import { demographicsReview } from "#domain/demographics-review/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { isIdentifying, survivorOf } from "#domain/patient/index.ts";
import { refreshSafetyCard } from "#server/chart/index.ts";
import { assertBorn, mergeLinks, openRecord } from "#server/patient/index.ts";
import { defineSlice, PartlyStored } from "#server/sync/slice.ts";
import { DemographicsReviewEntity } from "./demographics-review.entity.ts";

export const demographicsReviewSlice = defineSlice({
  collection: demographicsReview,
  entity: DemographicsReviewEntity,
  handlers: {
    /** Taking the other value is a change of the record like any other, made by whoever decides. */
    decide: async ({ practice, tx, args, user, stamp, load, apply, save }) => {
      const question = await load();
      if (!question) throw new DomainError("missing_parent");
      if (question.decision !== null) throw new DomainError("demographics_decided");
      await save(apply(question)!);
      if (args.decision === "keep") return new PartlyStored([]);
      const { field, patientId } = question;
      const survivor = survivorOf(await mergeLinks(tx.em), patientId);
      if (survivor !== patientId && isIdentifying(field))
        throw new DomainError("patient_merged", { into: survivor });
      const record = await openRecord(tx.em, survivor);
      if (!record) throw new DomainError("missing_parent");
      if (canonical(record.now[field]) !== canonical(args.seen)) throw new DomainError("entry_changed");
      const { value } = question.other;
      if (field === "birthDate") assertBorn(practice, String(value));
      await record.store({ [field]: value }, { by: user.id, at: stamp.at, deviceId: user.deviceId });
      if (isIdentifying(field)) refreshSafetyCard(tx, survivor);
      return new PartlyStored([field]);
    },
  },
});
