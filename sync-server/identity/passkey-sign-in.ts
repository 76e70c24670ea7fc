import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import type { PasskeySignIn } from "#domain/access/passkey.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { useChallenge } from "./passkey-challenge.ts";
import { anonymous } from "./principal.ts";
import type { RelyingParty } from "./relying-party.ts";
import { admit, type IssuedSession, type UserRow } from "./session.ts";
import { throttleKey } from "./throttle-key.ts";

interface KeyRow extends UserRow {
  readonly username: string;
  readonly active: boolean;
  readonly credential_id: string;
  readonly public_key: Uint8Array<ArrayBuffer>;
  readonly counter: string;
  readonly rp_id: string;
}

/** Signs in whoever the passkey belongs to. */
export async function signInByPasskey(
  practice: Practice,
  party: RelyingParty,
  body: PasskeySignIn,
): Promise<{ issued: IssuedSession; username: string }> {
  const key = await throttleKey(practice, `passkey\u0000${body.assertion.id}`, body.device.id);
  const [owner]: KeyRow[] = await practice.database.em.fork().execute(
    `select k.credential_id, k.public_key, k.counter, k.rp_id, u.id, u.username, f.name, f.roles, u.disabled_at,
       u.must_change, f.active
     from passkey k join app_user u on u.id = k.user_id join staff f on f.id = u.id where k.credential_id = ?`,
    [body.assertion.id],
  );
  await practice.throttle.inTurn(key, async () => {
    practice.throttle.assertFree(key);
    const refused = await refusalOf(practice, party, owner, body);
    if (refused === null) return practice.throttle.succeeded(key);
    practice.throttle.failed(key);
    await practice.ledger.record({
      actor: { ...anonymous, deviceId: body.device.id },
      action: "session.refused",
      outcome: "denied",
      reason: refused,
      ...(owner ? { resource: { type: "user", id: owner.id } } : {}),
    });
    throw new DomainError("passkey_refused");
  });
  return { issued: await admit(practice, owner!, body, "passkey"), username: owner!.username };
}

/** @returns why nobody is let in, for the log only: the page is told nothing that helps guessing */
async function refusalOf(
  practice: Practice,
  party: RelyingParty,
  owner: KeyRow | undefined,
  { assertion }: PasskeySignIn,
): Promise<string | null> {
  const expected = { kind: "sign-in", rpId: party.id, sessionId: null } as const;
  const challenge = await useChallenge(practice, assertion.response.clientDataJSON, expected).catch(
    (error: unknown) => {
      if (error instanceof DomainError) return null;
      throw error;
    },
  );
  if (challenge === null) return "challenge";
  if (!owner) return "passkey_unknown";
  if (owner.disabled_at || !owner.active) return "disabled";
  if (Buffer.from(assertion.response.userHandle, "base64url").toString() !== owner.id)
    return "passkey_of_another";
  const verified = await verifyAuthenticationResponse({
    response: { ...assertion, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: owner.rp_id,
    requireUserVerification: true,
    credential: { id: owner.credential_id, publicKey: owner.public_key, counter: Number(owner.counter) },
  }).catch(() => null);
  if (!verified?.verified) return "passkey_invalid";
  return (await countOn(practice, owner.credential_id, verified.authenticationInfo.newCounter))
    ? null
    : "passkey_invalid";
}

/** Two answers side by side: only one of them may find the counter where it was. An authenticator without one stays at 0. */
async function countOn(practice: Practice, credentialId: string, counter: number): Promise<boolean> {
  const moved: unknown[] = await practice.database.em.fork().execute(
    `update passkey set counter = ?, last_used_at = ?
     where credential_id = ? and (counter < ? or (counter = 0 and ? = 0)) returning id`,
    [counter, instantNow(), credentialId, counter, counter],
  );
  return moved.length > 0;
}
