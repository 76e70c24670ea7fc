import { createHash } from "node:crypto";
import { DomainError } from "#domain/errors/catalog.ts";
import { toBase64Url } from "#domain/kernel/bytes.ts";
import { now, randomBytes } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Practice } from "#server/practice/practice.ts";

/** Milliseconds in which a person answers: finding the key and the finger takes time, a stolen answer must not keep. */
const LIFE = 5 * 60_000;
/** Challenges of people who did not say who they are; more push the oldest out, so that asking cannot fill the disk. */
const MOST_OPEN = 2000;

export interface Asked {
  readonly kind: "register" | "sign-in";
  readonly rpId: string;
  /** Whose registration it is. */
  readonly sessionId: string | null;
}

const hashOf = (challenge: string): Buffer => createHash("sha256").update(challenge).digest();

/** Kept in the database, because another server of the practice may get the answer. @returns 32 bytes in base64url */
export async function newChallenge(practice: Practice, { kind, rpId, sessionId }: Asked): Promise<string> {
  const challenge = toBase64Url(randomBytes(32));
  const em = practice.database.em.fork();
  await em.execute("delete from passkey_challenge where expires_at < ?", [instant(now())]);
  await em.execute(
    `delete from passkey_challenge where hash in
       (select hash from passkey_challenge where kind = 'sign-in' order by expires_at desc offset ?)`,
    [MOST_OPEN],
  );
  await em.execute(
    "insert into passkey_challenge(hash, kind, rp_id, session_id, expires_at) values (?, ?, ?, ?, ?)",
    [hashOf(challenge), kind, rpId, sessionId, instant(now() + LIFE)],
  );
  return challenge;
}

/**
 * Uses up the challenge that an answer names, whatever becomes of the answer.
 * @throws {DomainError} passkey_refused: never asked, asked of somebody else, answered before, or too late
 */
export async function useChallenge(
  practice: Practice,
  clientDataJSON: string,
  expected: Asked,
): Promise<string> {
  const challenge = challengeIn(clientDataJSON);
  const [asked]: { kind: string; rp_id: string; session_id: string | null; expires_at: string }[] =
    await practice.database.em
      .fork()
      .execute("delete from passkey_challenge where hash = ? returning kind, rp_id, session_id, expires_at", [
        hashOf(challenge),
      ]);
  const fits =
    asked &&
    asked.kind === expected.kind &&
    asked.rp_id === expected.rpId &&
    asked.session_id === expected.sessionId &&
    Date.parse(asked.expires_at) > now();
  if (!fits) throw new DomainError("passkey_refused");
  return challenge;
}

function challengeIn(clientDataJSON: string): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString());
    const challenge: unknown = Reflect.get(Object(data), "challenge");
    return typeof challenge === "string" ? challenge : "";
  } catch {
    return "";
  }
}
