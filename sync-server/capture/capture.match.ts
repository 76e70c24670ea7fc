import type { Capture } from "#domain/capture/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { samePerson } from "#server/patient/index.ts";
import type { HandlerContext } from "#server/sync/slice.ts";
import { giveToVisit } from "./capture.sound.ts";
import { tellAuthor } from "./tell-author.ts";

type MatchContext = HandlerContext<Capture, ArgsOf<"capture.match"> & { encounterId: string | null }>;

/**
 * Puts what was unassigned into a patient's chart, under its author's name, and its sound into a visit, where one is
 * named: now, or later by the same means. Whoever comes second is told.
 * @throws {DomainError} capture_decided · missing_parent · invalid_arguments
 */
export async function matchCapture(context: MatchContext): Promise<void> {
  const { tx, args, user, stamp, load, apply, save } = context;
  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  const waiting = present.status === "waiting";
  const toVisit =
    present.patientId !== null &&
    present.encounterId === null &&
    args.encounterId !== null &&
    (await samePerson(tx.em, present.patientId, args.patientId));
  if (!waiting && !toVisit) throw new DomainError("capture_decided", { status: present.status });
  const encounter =
    args.encounterId === null ? null : await tx.em.findOne(EncounterEntity, { id: args.encounterId });
  if (args.encounterId !== null && !encounter) throw new DomainError("missing_parent");
  if (encounter && !(await samePerson(tx.em, encounter.patientId, args.patientId)))
    throw new DomainError("invalid_arguments", {
      field: "patientId",
      problem: "is not the encounter's patient",
    });
  const matched: Capture = { ...apply(present)!, patientId: encounter?.patientId ?? args.patientId };
  await save(matched);
  if (encounter && present.sound) await giveToVisit(context, matched, present.sound);
  if (waiting) await tellAuthor(tx.em, matched, { by: user.id, ...stamp });
}
