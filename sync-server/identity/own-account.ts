import type { AccountState } from "#domain/access/account.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { Principal } from "./principal.ts";
import { asksForCode, factorsOf } from "./second-factor.ts";

interface Row {
  readonly username: string;
  readonly since: string | null;
  readonly lastUsedAt: string | null;
  readonly codesSince: string | null;
}

/** What stands on one's own page; no secret and no code is in it. */
export async function accountOf(practice: Practice, principal: Principal): Promise<AccountState> {
  const em = practice.database.em.fork();
  const userId = principal.actor.id;
  const factors = await factorsOf(em, userId);
  const [row]: Row[] = await em.execute(
    `select u.username, f.confirmed_at as since, f.last_used_at as "lastUsedAt",
       (select max(c.created_at) from recovery_code c where c.user_id = u.id and c.replaced_at is null) as "codesSince"
     from app_user u left join totp_factor f on f.user_id = u.id and f.confirmed_at is not null where u.id = ?`,
    [userId],
  );
  const used: { at: string; device: string; here: boolean }[] = await em.execute(
    `select c.used_at as at, coalesce(d.name, '') as device, c.used_session_id = ? as here
     from recovery_code c left join session s on s.id = c.used_session_id left join device d on d.id = s.device_id
     where c.user_id = ? and c.used_at is not null and c.seen_at is null order by c.used_at desc`,
    [principal.session!.id, userId],
  );
  const { username, since, lastUsedAt, codesSince } = row!;
  const text = (at: string) => instant(Date.parse(at));
  return {
    username,
    passwordShort: factors.passwordShort,
    totp: since === null ? null : { since: text(since), lastUsedAt: lastUsedAt && text(lastUsedAt) },
    passkeys: factors.passkeys,
    recovery: asksForCode(factors)
      ? { left: factors.recoveryLeft, since: codesSince === null ? "" : text(codesSince) }
      : null,
    recoveryUsed: used.map(({ at, device, here }) => ({ at: text(at), device, here })),
  };
}
