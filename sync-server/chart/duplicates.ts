import type { EntityClass } from "@mikro-orm/core";
import type { Join, Joinable } from "#domain/chart/index.ts";
import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { lockPeople, mergeLinks, samePerson } from "#server/patient/index.ts";
import type { Handler, HandlerContext } from "#server/sync/slice.ts";
import { refreshSafetyCard } from "./safety-cards.ts";

type Kept = Pick<Joinable, "id" | "patientId" | "status" | "lastChange">;

/**
 * Of two entries of one person that say the same, one stays and the other counts no longer (C12). Both must be as the
 * clinician saw them: were one changed meanwhile, a dose would be lost that nobody looked at.
 * @throws {DomainError} missing_parent · entry_closed · entry_changed · invalid_arguments
 */
export function joinFact<R extends Joinable & Row, A extends Join>(entity: EntityClass<Kept>): Handler<R, A> {
  return async ({ tx, args, load, apply, save }: HandlerContext<R, A>) => {
    // Two who join the same two entries the other way round would each leave the one that the other struck.
    await lockPeople(tx.em, await mergeLinks(tx.em), [args.patientId]);
    const present = await load();
    const kept = (await tx.em.findOne(entity, { id: args.keptId } as never)) as Kept | null;
    if (!present || !kept) throw new DomainError("missing_parent");
    if (args.patientId !== present.patientId || !(await samePerson(tx.em, kept.patientId, present.patientId)))
      throw new DomainError("invalid_arguments", {
        field: "keptId",
        problem: "is not an entry of this patient",
      });
    if (kept.status !== "active") throw new DomainError("entry_closed");
    if (args.seen !== present.lastChange.id || args.keptSeen !== kept.lastChange.id)
      throw new DomainError("entry_changed");
    const next = apply(present)!;
    if (next === present) throw new DomainError("entry_closed");
    await save(next);
    refreshSafetyCard(tx, present.patientId);
  };
}
