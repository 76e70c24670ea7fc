import { DomainError } from "#domain/errors/catalog.ts";
import type { Recording } from "#domain/recording/index.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { assertChartOpen } from "#server/chart/index.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { samePerson } from "#server/patient/index.ts";
import type { HandlerContext } from "#server/sync/slice.ts";
import { sealTranscript, TranscriptEntity, unsealTranscript } from "#server/transcript/index.ts";
import { partAtRest, RecordingPartEntity } from "./recording.entity.ts";
import { dropLeftovers } from "./recording.leftovers.ts";

/**
 * Moves a recording that was made on the wrong patient to the right visit. Sound and transcript are sealed again under
 * that visit's key before the move counts; what is left under the old one is removed once it is durable.
 * @throws {DomainError} recording_closed while it is still being made · same_visit · not_yours · missing_parent
 */
export async function moveRecording(
  context: HandlerContext<Recording, ArgsOf<"recording.move">>,
): Promise<void> {
  const { practice, tx, args, user, load, apply, save } = context;
  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  if (present.clinicianId !== user.id) throw new DomainError("not_yours");
  if (present.status === "recording") throw new DomainError("recording_closed");
  if (present.encounterId === args.encounterId) throw new DomainError("same_visit");
  await assertChartOpen(tx.em, user, present.patientId);
  const encounter = await tx.em.findOne(EncounterEntity, { id: args.encounterId });
  if (!encounter) throw new DomainError("missing_parent");
  if (!(await samePerson(tx.em, encounter.patientId, args.patientId)))
    throw new DomainError("invalid_arguments", {
      field: "patientId",
      problem: "is not the encounter's patient",
    });

  // Records of one person may be parted again: what belongs to a visit stands in the visit's record.
  const { patientId } = encounter;
  const from = await practice.keys.visitKey(present.encounterId);
  if (!from) throw new DomainError("not_found");
  const to = (await practice.keys.visitKey(args.encounterId, { create: true }))!;
  const parts = await tx.em.find(RecordingPartEntity, { recordingId: present.id });
  for (const { part } of parts)
    await practice.recordings.resealPart(partAtRest(present, part), from, {
      encounterId: args.encounterId,
      visitKey: to,
    });
  const transcript = await tx.em.findOne(TranscriptEntity, { recordingId: present.id });
  if (transcript) {
    const words = await unsealTranscript(practice, transcript);
    const moved = { ...words, encounterId: args.encounterId, patientId };
    tx.em.assign(transcript, {
      encounterId: moved.encounterId,
      patientId: moved.patientId,
      sealed: await sealTranscript(practice, moved),
    });
  }
  await save({ ...apply(present)!, patientId });
  tx.afterCommit(() =>
    dropLeftovers(
      practice,
      present.id,
      parts.map(({ part }) => part),
    ),
  );
}
