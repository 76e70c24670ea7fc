import type { TokenScope } from "#domain/access/roles.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";
import { TokenEntity } from "./token.entity.ts";

export interface NewToken {
  readonly purpose: string;
  readonly scopes: TokenScope[];
  readonly days: number;
  readonly ownerId: string | null;
}

/** Registers a service token, then signs it. Without its row in the registry the signature is worth nothing. */
export async function registerToken(
  practice: Pick<Practice, "tokens">,
  { em, audit }: LedgerTransaction,
  { purpose, scopes, days, ownerId }: NewToken,
): Promise<{ id: string; token: string }> {
  const id = newId();
  em.create(TokenEntity, {
    id,
    purpose,
    scopes,
    ownerId,
    createdAt: instantNow(),
    expiresAt: instant(now() + days * 86_400_000),
    lastUsedAt: null,
    revokedAt: null,
    unconfirmedAt: null,
  } as never);
  await em.flush();
  audit({
    actor: { type: "system", id: "practice" },
    action: "token.registered",
    outcome: "ok",
    resource: { type: "token", id },
  });
  return { id, token: await practice.tokens.sign("service", { sub: purpose, jti: id }, days * 86_400) };
}
