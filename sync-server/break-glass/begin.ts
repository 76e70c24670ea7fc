import type * as z from "zod";
import {
  type BreakGlass,
  breakGlass,
  breakGlassEnd,
  type breakGlassRequestSchema,
} from "#domain/break-glass/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { now } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import { recordsOf } from "#domain/patient/index.ts";
import { brokenGlass, isChartOpen, underGlass } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Principal } from "#server/identity/principal.ts";
import { mergeLinks, PatientEntity } from "#server/patient/index.ts";
import { shownRow } from "#server/sync/slice.ts";
import { BreakGlassEntity } from "./break-glass.entity.ts";

type Request = z.infer<typeof breakGlassRequestSchema> & { readonly patientId: string };

/** The session as it stands in this transaction. Whoever shuts the person out waits for it, or was first. */
async function assertStillIn({ em }: LedgerTransaction, { actor, session }: Principal): Promise<void> {
  if (actor.type !== "user" || !session) throw new DomainError("forbidden");
  const [standing]: unknown[] = await em.execute(
    `select 1 from staff f join app_user u on u.id = f.id join session s on s.user_id = u.id
     where s.id = ? and f.id = ? and s.role = ? and s.ended_at is null and u.disabled_at is null and f.active
       and ? = any(f.roles) for update of f`,
    [session.id, actor.id, actor.role, actor.role],
  );
  if (!standing) throw new DomainError("session_ended");
}

/** What this very request began before: its reply was lost. */
export async function begunBefore(
  em: EntityManager,
  { actor }: Principal,
  { id, patientId }: Request,
): Promise<BreakGlass | null> {
  const known = await em.findOne(BreakGlassEntity, { id, patientId, userId: actor.id });
  return known && shownRow(breakGlass, known);
}

/**
 * Opens one restricted chart to somebody outside its care team, from now on and by the server's clock.
 * @throws {DomainError} session_ended, not_found, chart_is_open, already_exists
 */
export async function breakTheGlass(
  tx: LedgerTransaction,
  principal: Principal,
  { id, patientId, reason, words }: Request,
  requestId: string,
): Promise<BreakGlass> {
  const { actor, session } = principal;
  if (actor.type !== "user" || !session) throw new DomainError("forbidden");
  await assertStillIn(tx, principal);
  const { em, audit } = tx;
  if (await em.findOne(BreakGlassEntity, { id })) throw new DomainError("already_exists");
  if (!(await em.findOne(PatientEntity, { id: patientId }))) throw new DomainError("not_found");
  if (await isChartOpen(em, actor.id, patientId)) throw new DomainError("chart_is_open");
  const records = recordsOf(await mergeLinks(em), patientId);
  const reader = { ...actor, deviceId: session.deviceId };
  const running = await brokenGlass(em, reader);
  if (running.some((one) => records.includes(one.patientId))) throw new DomainError("chart_is_open");
  const begun = now();
  const row: BreakGlass = {
    id,
    patientId,
    userId: actor.id,
    deviceId: session.deviceId,
    role: actor.role,
    reason,
    words,
    begunAt: instant(begun),
    until: instant(breakGlassEnd(begun)),
    endedAt: null,
  };
  em.create(BreakGlassEntity, row);
  await em.flush();
  audit({
    actor: principal.audit,
    action: "break-glass.begun",
    outcome: "ok",
    reason,
    resource: { type: "break-glass", id },
    patientId,
    ...underGlass(id),
    requestId,
  });
  return row;
}
