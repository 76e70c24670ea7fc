import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { perPractice } from "#server/practice/per-practice.ts";
import type { Practice } from "#server/practice/practice.ts";

/** A signature is good for a day; it is given out for this long. In milliseconds. */
const GIVEN_FOR = 3_600_000;
const KEPT = 500;

interface Signed {
  readonly hash: string;
  readonly signature: string;
  readonly at: number;
}

const signatures = perPractice(() => new Map<string, Signed>());

/** The server's word for what a client may hold. The same scope gets the same signature for an hour. */
export async function scopeSignature(practice: Practice, clientId: string, hash: string): Promise<string> {
  const signed = signatures(practice);
  const last = signed.get(clientId);
  if (last?.hash === hash && Math.abs(now() - last.at) < GIVEN_FOR) return last.signature;
  const signature = await practice.tokens.sign("scope", { sub: clientId, jti: newId(), hash });
  signed.delete(clientId);
  signed.set(clientId, { hash, signature, at: now() });
  const [oldest] = signed.keys();
  if (signed.size > KEPT && oldest !== undefined) signed.delete(oldest);
  return signature;
}
