import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Entering } from "#domain/set-up/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { assertGoodPassword, hashPassword } from "#server/identity/index.ts";
import { anonymous } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { StaffEntity } from "#server/staff/index.ts";
import { hasPeople, lockPractice, setUpHash } from "./set-up-code.ts";

/** Tries at the code of one practice are counted together: nobody who types one is known yet. */
const TRIES = "set-up\u0000code";

const refusals = ["set_up_code_wrong", "set_up_code_expired", "set_up_code_used"] as const;
const isRefusal = (error: unknown): error is DomainError =>
  error instanceof DomainError && refusals.some((code) => code === error.code);

/** @throws {DomainError} set_up_code_wrong, set_up_code_used, set_up_code_expired */
async function assertUsable(em: EntityManager, hash: Buffer | null): Promise<void> {
  const [row]: { used_by: string | null; ended_at: string | null; expires_at: string }[] = await em.execute(
    "select used_by, ended_at, expires_at from set_up_code where hash = ?",
    [hash],
  );
  if (!row) throw new DomainError("set_up_code_wrong");
  if (row.used_by) throw new DomainError("set_up_code_used");
  if (row.ended_at || Date.parse(row.expires_at) <= now()) throw new DomainError("set_up_code_expired");
}

/**
 * The first administrator enters a practice with the code that `init` printed, and chooses how they sign in.
 * @throws {DomainError} too_many_requests, those of {@link assertUsable}, weak_password
 */
export async function enterPractice(practice: Practice, given: Entering, requestId: string): Promise<void> {
  const { throttle, ledger } = practice;
  await throttle.inTurn(TRIES, async () => {
    throttle.assertFree(TRIES);
    try {
      await makeAdministrator(practice, given, requestId);
      throttle.succeeded(TRIES);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throttle.failed(TRIES);
      await ledger.record({
        actor: anonymous,
        action: "set-up.refused",
        outcome: "denied",
        reason: error.code,
        resource: { type: "practice", id: practice.info.id },
        requestId,
      });
      throw error;
    }
  });
}

async function makeAdministrator(
  practice: Practice,
  { code, name, username, password }: Entering,
  requestId: string,
): Promise<void> {
  const hash = setUpHash(code);
  await assertUsable(practice.database.em.fork(), hash);
  await assertGoodPassword(password, { username, name, practice: practice.info.name }, false);
  const passwordHash = await hashPassword(password, practice.config.JAMEMR_ARGON2_MEMORY_KIB);
  const id = newId();
  await practice.ledger.transact(async ({ em, audit }) => {
    await lockPractice(em);
    // Somebody may have used it since it was looked at, or a newer one was made.
    await assertUsable(em, hash);
    if (await hasPeople(em)) throw new DomainError("set_up_code_used");
    em.create(StaffEntity, { id, name, suffix: "", roles: ["administrator"], active: true } as never);
    await em.flush();
    await em.execute("insert into app_user(id, username, password_hash) values (?, ?, ?)", [
      id,
      username,
      passwordHash,
    ]);
    await em.execute("update set_up_code set ended_at = ?, used_by = ? where hash = ?", [
      instantNow(),
      id,
      hash,
    ]);
    const record = { actor: { type: "user" as const, id }, outcome: "ok" as const, requestId };
    const resource = { type: "staff", id };
    audit({
      ...record,
      action: "set-up.entered",
      resource: { type: "practice", id: practice.info.id },
    });
    audit({ ...record, action: "staff.created", resource });
    audit({
      ...record,
      action: "staff.role_granted",
      reason: "set-up",
      resource,
      changed: ["administrator"],
    });
  });
}
