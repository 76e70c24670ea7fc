import type { Actor } from "#domain/access/can.ts";
import type { Role, TokenScope } from "#domain/access/roles.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Database } from "#server/database/database.ts";
import { assertInUse, type DeviceStanding } from "./device-standing.ts";
import type { TokenSigner } from "./token.ts";

/** Who a request comes from, as the database says at this moment. */
export interface Principal {
  readonly actor: Actor;
  readonly audit: AuditBody["actor"];
  readonly name: string;
  /** For people: their session, device and everything they may work as. */
  readonly session?: { readonly id: string; readonly deviceId: string; readonly expiresAt: string };
  readonly roles: readonly Role[];
}

export const anonymous: AuditBody["actor"] = { type: "anonymous", id: null };

export interface Authenticator {
  /** @throws {DomainError} unauthenticated, invalid_token, token_revoked, token_unconfirmed, session_ended, device_revoked, device_wiped */
  bearer(authorization: string | null): Promise<Principal>;
  /**
   * Whether the session or token behind a long-lived stream still stands, with the same role or scopes.
   * @returns why it does not, or null
   */
  endOf(principal: Principal): Promise<ErrorCode | null>;
}

interface SessionRow extends DeviceStanding {
  id: string;
  user_id: string;
  device_id: string;
  role: Role;
  name: string;
  roles: Role[];
  expires_at: string;
  ended_at: string | null;
  disabled_at: string | null;
  active: boolean;
}

const sessionSql = `
  select s.id, s.user_id, s.device_id, s.role, s.expires_at, s.ended_at, u.disabled_at, f.active, f.name, f.roles,
    d.status, d.wipe_asked_at
  from session s join app_user u on u.id = s.user_id join staff f on f.id = u.id join device d on d.id = s.device_id
  where s.id = ?`;

/** Milliseconds between two notes of a token's use. */
const USE_NOTED_EVERY = 60_000;

export function createAuthenticator(database: Database, tokens: TokenSigner): Authenticator {
  const person = async (sessionId: string, userId: string): Promise<Principal> => {
    const [row]: SessionRow[] = await database.em.fork().execute(sessionSql, [sessionId]);
    // Well signed, and yet this practice never issued it: that is a forger with a key, not a session that ran out.
    if (row?.user_id !== userId) throw new DomainError("invalid_token");
    assertInUse(row);
    if (row.ended_at || row.disabled_at || !row.active || Date.parse(row.expires_at) <= now())
      throw new DomainError("session_ended");
    if (!row.roles.includes(row.role)) throw new DomainError("role_not_held");
    return {
      actor: { type: "user", id: row.user_id, role: row.role, deviceId: row.device_id },
      audit: { type: "user", id: row.user_id, role: row.role, sessionId: row.id, deviceId: row.device_id },
      name: row.name,
      roles: row.roles,
      session: { id: row.id, deviceId: row.device_id, expiresAt: instant(Date.parse(row.expires_at)) },
    };
  };

  /** Operational, to the minute: who keeps the registry has to see which tokens nobody needs any more. */
  const noteUse = async (tokenId: string, before: string | null): Promise<void> => {
    if (before !== null && now() - Date.parse(before) < USE_NOTED_EVERY) return;
    await database.em
      .fork()
      .execute("update token set last_used_at = ? where id = ?", [instantNow(), tokenId]);
  };

  const service = async (tokenId: string): Promise<Principal> => {
    const [row]: {
      purpose: string;
      scopes: TokenScope[];
      expires_at: string;
      revoked_at: string | null;
      unconfirmed_at: string | null;
      last_used_at: string | null;
    }[] = await database.em
      .fork()
      .execute(
        "select purpose, scopes, expires_at, revoked_at, unconfirmed_at, last_used_at from token where id = ?",
        [tokenId],
      );
    if (!row) throw new DomainError("invalid_token");
    if (row.revoked_at) throw new DomainError("token_revoked");
    if (row.unconfirmed_at) throw new DomainError("token_unconfirmed");
    if (Date.parse(row.expires_at) <= now()) throw new DomainError("invalid_token");
    await noteUse(tokenId, row.last_used_at);
    return {
      actor: { type: "token", id: tokenId, scopes: row.scopes },
      audit: { type: "token", id: tokenId, tokenId },
      name: row.purpose,
      roles: [],
    };
  };

  return {
    async bearer(authorization) {
      const match = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? "");
      if (!match) throw new DomainError(authorization ? "invalid_token" : "unauthenticated");
      const token = match[1]!;
      const header = headerOf(token);
      if (header?.typ === "service+jwt") return service((await tokens.verify("service", token)).jti);
      const { jti, sub } = await tokens.verify("access", token);
      return person(jti, sub);
    },
    async endOf(principal) {
      try {
        const present = principal.session
          ? await person(principal.session.id, principal.actor.id)
          : await service(principal.actor.id);
        return rightsOf(present) === rightsOf(principal) ? null : "session_ended";
      } catch (error) {
        if (error instanceof DomainError) return error.code;
        throw error;
      }
    },
  };
}

/** What a long-lived stream was opened with: after a switch of role it has to be opened anew. */
const rightsOf = ({ actor }: Principal): string =>
  actor.type === "user" ? actor.role : [...actor.scopes].sort().join(" ");

/** The unverified header: it only chooses which check is made, and each check demands its own `typ`. */
function headerOf(token: string): { typ?: unknown } | null {
  try {
    return JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as { typ?: unknown };
  } catch {
    return null;
  }
}
