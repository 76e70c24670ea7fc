import { instantNow } from "#domain/kernel/clock.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Standing } from "#server/mirror/standing.ts";

/**
 * Authenticator apps and recovery codes as they stood when the practice was lost: what was removed or used up since stays so,
 * and what was set up since is asked for. An app's secret is sealed under the practice key, which no restore changes.
 * @returns the people for whom something is not as in the backup
 */
export async function bringFactors(
  { em }: LedgerTransaction,
  { factors, recoveryCodes }: Standing,
): Promise<{ id: string }[]> {
  if (factors === null) return [];
  const at = instantNow();
  const [apps, codes] = [JSON.stringify(factors), JSON.stringify(recoveryCodes)];
  const known = 'exists (select 1 from app_user u where u.id = m."userId")';
  const changed: { id: string }[][] = [];
  changed.push(
    await em.execute(
      `delete from totp_factor where id not in (select id from jsonb_to_recordset(?::jsonb) m(id uuid))
       returning user_id as id`,
      [apps],
    ),
    await em.execute(
      `insert into totp_factor(id, user_id, secret, created_at, confirmed_at, last_step)
       select m.id, m."userId", decode(m.secret, 'base64'), m."confirmedAt", m."confirmedAt", m."lastStep"
       from jsonb_to_recordset(?::jsonb) m(id uuid, "userId" uuid, secret text, "confirmedAt" timestamptz, "lastStep" bigint)
       where ${known}
       on conflict (id) do update set last_step = greatest(totp_factor.last_step, excluded.last_step),
         confirmed_at = excluded.confirmed_at
       where totp_factor.last_step < excluded.last_step or totp_factor.confirmed_at is null
       returning user_id as id`,
      [apps],
    ),
    await em.execute(
      `update recovery_code set replaced_at = ? where used_at is null and replaced_at is null
         and id not in (select id from jsonb_to_recordset(?::jsonb) m(id uuid)) returning user_id as id`,
      [at, codes],
    ),
    await em.execute(
      `insert into recovery_code(id, user_id, hash, created_at)
       select m.id, m."userId", decode(m.hash, 'hex'), ? from jsonb_to_recordset(?::jsonb) m(id uuid, "userId" uuid, hash text)
       where ${known} on conflict (id) do nothing returning user_id as id`,
      [at, codes],
    ),
  );
  return [...new Set(changed.flat().map(({ id }) => id))].map((id) => ({ id }));
}
