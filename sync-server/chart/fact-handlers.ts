import type { ChartList, Fact } from "#domain/chart/index.ts";
import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { recordsOf } from "#domain/patient/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { lockPeople, mergeLinks, samePerson } from "#server/patient/index.ts";
import type { Handler, HandlerContext } from "#server/sync/slice.ts";
import { refreshSafetyCard } from "./safety-cards.ts";

type NewFact = Row & { readonly patientId: string; readonly encounterId: string | null };

/** "None known" and an entry are never true together (C02). */
export async function retireNoneKnown(
  em: EntityManager,
  patientId: string,
  list: ChartList,
  at: string,
): Promise<void> {
  const links = await mergeLinks(em);
  await lockPeople(em, links, [patientId]);
  const assertions = recordsOf(links, patientId).map((id) => noneKnownIdOf(id, list));
  await em.execute(
    "update none_known set retired_at = ?, version = version + 1 where id = any(?::uuid[]) and retired_at is null",
    [at, `{${assertions.join(",")}}`],
  );
}

/**
 * Enters a new fact. Its visit must be of the same patient. Entering the first of a list retires the assertion that
 * there is none (C02), and the safety card follows in the same transaction (C03).
 */
export function addFact<R extends Fact, A extends NewFact>(
  options: { readonly list?: ChartList; readonly check?: (args: A) => void } = {},
): Handler<R, A> {
  return async ({ tx, args, stamp, load, apply, save }: HandlerContext<R, A>) => {
    if (await load()) throw new DomainError("already_exists");
    options.check?.(args);
    if (args.encounterId) {
      const encounter = await tx.em.findOne(EncounterEntity, { id: args.encounterId });
      if (!encounter) throw new DomainError("missing_parent");
      if (!(await samePerson(tx.em, encounter.patientId, args.patientId)))
        throw new DomainError("invalid_arguments", {
          field: "patientId",
          problem: "is not the encounter's patient",
        });
    }
    await save(apply(undefined)!);
    if (options.list) await retireNoneKnown(tx.em, args.patientId, options.list, stamp.at);
    refreshSafetyCard(tx, args.patientId);
  };
}

/**
 * Changes a fact as the domain says. Where the domain leaves it as it is, the entry is closed; where the person looked
 * at an older state and the change may not wait beside it, it is refused.
 */
export function changeFact<
  R extends Fact & { readonly status?: string },
  A extends Row & { patientId?: string },
>(
  options: {
    readonly mustBeLatest?: boolean;
    /** The list that the entry comes back to. */
    readonly list?: ChartList;
  } = {},
): Handler<R, A> {
  return async ({ tx, args, stamp, load, apply, save }: HandlerContext<R, A>) => {
    const present = await load();
    if (!present) throw new DomainError("missing_parent");
    if (args.patientId !== undefined && args.patientId !== present.patientId)
      throw new DomainError("invalid_arguments", {
        field: "patientId",
        problem: "is not the entry's patient",
      });
    const seen: unknown = Reflect.get(args, "seen");
    if (options.mustBeLatest && seen !== present.lastChange.id) throw new DomainError("entry_changed");
    const next = apply(present)!;
    if (next === present) throw new DomainError("entry_closed");
    await save(next);
    if (options.list) await retireNoneKnown(tx.em, present.patientId, options.list, stamp.at);
    refreshSafetyCard(tx, present.patientId);
  };
}
