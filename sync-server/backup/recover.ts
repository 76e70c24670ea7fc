import type { Role } from "#domain/access/roles.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Ledger, LedgerTransaction } from "#server/database/ledger.ts";
import type { Standing } from "#server/mirror/standing.ts";
import { endLeases, leasesOfDevice } from "#server/slot-lease/index.ts";
import { StaffEntity } from "#server/staff/index.ts";
import type { Moment } from "./dump.ts";
import { bringFactors } from "./recover-factors.ts";

/** What a restore did, for the person at the keyboard. Counts, no names. */
export interface Recovered {
  readonly epoch: string;
  readonly oldHead: number | null;
  readonly newHead: number;
  readonly sessionsEnded: number;
  readonly tokensWaiting: number;
  readonly disabledAgain: number;
  readonly rolesTaken: number;
  readonly passwordsBrought: number;
  readonly tokensRevokedAgain: number;
  readonly devicesRevokedAgain: number;
  readonly passkeysRemoved: number;
  readonly factorsBrought: number;
}

const actor = { type: "system", id: "jamemr" } as const;
const ids = (list: readonly string[]): string => `{${list.join(",")}}`;
const rows = (list: readonly unknown[]): number => list.length;

/**
 * Begins the epoch of a database that was just brought back: every session ends, service tokens wait for the security
 * officer, and what the mirror knows to be revoked is revoked again, in the transaction that says so.
 *
 * @param standing where the practice stood when it was lost; null when nobody knows
 */
export async function beginEpoch(
  ledger: Ledger,
  moment: Pick<Moment, "at" | "auditHead">,
  standing: Standing | null,
): Promise<Recovered> {
  const epoch = newId();
  const oldHead = standing?.head ?? null;
  const newHead = moment.auditHead;
  const { result } = await ledger.transact(async (tx) => {
    tx.audit({
      actor,
      action: "restore.executed",
      outcome: "ok",
      resource: { type: "epoch", id: epoch },
      ...(standing && { before: String(standing.head), formerEpoch: standing.epoch }),
      after: String(newHead),
    });
    await tx.em.execute(
      `insert into sync_epoch(epoch, started_at, old_head, new_head, backup_at)
       select ?, greatest(?::timestamptz, max(started_at) + interval '1 millisecond'), ?, ?, ? from sync_epoch`,
      [epoch, instantNow(), oldHead, newHead, moment.at],
    );
    return {
      epoch,
      oldHead,
      newHead,
      sessionsEnded: await endSessions(tx),
      ...(await revokeAgain(tx, standing)),
      tokensWaiting: await holdTokens(tx),
    };
  });
  return result;
}

const endSessions = async ({ em }: LedgerTransaction): Promise<number> =>
  rows(
    await em.execute(
      "update session set ended_at = ?, end_reason = 'restore' where ended_at is null returning id",
      [instantNow()],
    ),
  );

const holdTokens = async ({ em }: LedgerTransaction): Promise<number> =>
  rows(
    await em.execute("update token set unconfirmed_at = ? where revoked_at is null returning id", [
      instantNow(),
    ]),
  );

type Again = Omit<Recovered, "epoch" | "oldHead" | "newHead" | "sessionsEnded" | "tokensWaiting">;

async function revokeAgain(tx: LedgerTransaction, standing: Standing | null): Promise<Again> {
  if (!standing)
    return {
      disabledAgain: 0,
      rolesTaken: 0,
      passwordsBrought: 0,
      tokensRevokedAgain: 0,
      devicesRevokedAgain: 0,
      passkeysRemoved: 0,
      factorsBrought: 0,
    };
  const { em, audit } = tx;
  const again = (
    action: Parameters<typeof audit>[0]["action"],
    type: string,
    list: { id: string }[],
  ): number => {
    for (const { id } of list)
      audit({ actor, action, outcome: "ok", reason: "restore", resource: { type, id } });
    return list.length;
  };
  const people: { id: string }[] = await em.execute(
    `update app_user u set disabled_at = d.at from jsonb_to_recordset(?::jsonb) d(id uuid, at timestamptz)
     where u.id = d.id and u.disabled_at is null returning u.id`,
    [JSON.stringify(standing.disabled)],
  );
  await em.execute(
    "update staff set active = false, version = version + 1 where active and id = any(?::uuid[])",
    [ids(people.map(({ id }) => id))],
  );
  const tokens: { id: string }[] = await em.execute(
    `update token t set revoked_at = d.at from jsonb_to_recordset(?::jsonb) d(id uuid, at timestamptz)
     where t.id = d.id and t.revoked_at is null returning t.id`,
    [JSON.stringify(standing.revokedTokens)],
  );
  const passkeys: { id: string }[] = await em.execute(
    "delete from passkey where not credential_id = any(select jsonb_array_elements_text(?::jsonb)) returning id",
    [JSON.stringify(standing.passkeys)],
  );
  return {
    disabledAgain: again("staff.disabled", "staff", people),
    rolesTaken: await takeRoles(tx, standing),
    passwordsBrought: again("user.password_changed", "user", await bringPasswords(tx, standing)),
    tokensRevokedAgain: again("token.revoked", "token", tokens),
    devicesRevokedAgain: again("device.revoked", "device", await revokeDevices(tx, standing)),
    passkeysRemoved: again("passkey.removed", "passkey", passkeys),
    factorsBrought: again("factor.restored", "user", await bringFactors(tx, standing)),
  };
}

/** Roles that were taken away since; those that were given since are lost, and have to be given again. */
async function takeRoles({ em, audit }: LedgerTransaction, { roles }: Standing): Promise<number> {
  let taken = 0;
  for (const person of await em.find(StaffEntity, {})) {
    const held = roles[person.id];
    const kept = person.roles.filter((role: Role) => !held || held.includes(role));
    const lost = person.roles.filter((role: Role) => !kept.includes(role));
    if (lost.length === 0) continue;
    person.roles = kept;
    taken += lost.length;
    audit({
      actor,
      action: "staff.role_removed",
      outcome: "ok",
      reason: "restore",
      resource: { type: "staff", id: person.id },
      changed: lost,
    });
  }
  await em.flush();
  return taken;
}

/** Who chose another password since did so for a reason: the one in the backup works no more. */
const bringPasswords = ({ em }: LedgerTransaction, { passwords }: Standing): Promise<{ id: string }[]> =>
  em.execute(
    `update app_user u set password_hash = m.hash, must_change = m."oneTime", password_short = m.short
     from jsonb_to_recordset(?::jsonb) m(id uuid, hash text, "oneTime" boolean, short boolean)
     where u.id = m.id and u.password_hash <> m.hash returning u.id`,
    [JSON.stringify(Object.entries(passwords).map(([id, password]) => ({ id, ...password })))],
  );

async function revokeDevices(tx: LedgerTransaction, { devices }: Standing): Promise<{ id: string }[]> {
  const { em } = tx;
  // One that enrolled after the backup is put on the list again, so that nobody signs in on it as on a new one.
  const known: { id: string }[] = await em.execute(
    `insert into device(id, name, status, key, enrolled_at, wipe_asked_at, wiped_at)
     select id, name, 'revoked', key, ?, "wipeAskedAt", "wipedAt" from jsonb_to_recordset(?::jsonb)
       m(id uuid, name text, key jsonb, "wipeAskedAt" timestamptz, "wipedAt" timestamptz)
     on conflict (id) do update set status = 'revoked', wipe_asked_at = excluded.wipe_asked_at,
       wiped_at = excluded.wiped_at, version = device.version + 1
     where device.status <> 'revoked' or device.wipe_asked_at is distinct from excluded.wipe_asked_at
     returning id`,
    [instantNow(), JSON.stringify(devices)],
  );
  await em.execute(
    "update sync_client set lost_at = ? where device_id = any(?::uuid[]) and lost_at is null",
    [instantNow(), ids(known.map(({ id }) => id))],
  );
  for (const { id } of known) await endLeases(tx, await leasesOfDevice(tx, id), "device_revoked", { actor });
  return known;
}
