import { generateRegistrationOptions, verifyRegistrationResponse } from "@simplewebauthn/server";
import { can } from "#domain/access/can.ts";
import type { CreationOptions, NewCredential, Passkey } from "#domain/access/passkey.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { fromBase64Url, utf8 } from "#domain/kernel/bytes.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Practice } from "#server/practice/practice.ts";
import { newChallenge, useChallenge } from "./passkey-challenge.ts";
import type { Principal } from "./principal.ts";
import { assertFresh } from "./re-authentication.ts";
import type { RelyingParty } from "./relying-party.ts";
import { assertNoShortPasswordAlone } from "./second-factor.ts";

const MOST_PER_PERSON = 20;
/** ES256, EdDSA, RS256: what authenticators in use can do. */
const algorithms = [-7, -8, -257];

/** What the browser asks the authenticator. @throws {DomainError} password_needed, wrong_credentials, passkey_limit */
export async function registrationOptions(
  practice: Practice,
  principal: Principal,
  party: RelyingParty,
  password: string | undefined,
): Promise<CreationOptions> {
  await assertFresh(practice, principal, password);
  const em = practice.database.em.fork();
  const known: { credential_id: string; transports: string[] }[] = await em.execute(
    "select credential_id, transports from passkey where user_id = ? and rp_id = ?",
    [principal.actor.id, party.id],
  );
  await assertRoom(practice, principal);
  const [user]: { username: string }[] = await em.execute("select username from app_user where id = ?", [
    principal.actor.id,
  ]);
  const challenge = await newChallenge(practice, asked(principal, party));
  const options = await generateRegistrationOptions({
    rpName: practice.info.name,
    rpID: party.id,
    userID: utf8(principal.actor.id),
    userName: user!.username,
    userDisplayName: principal.name,
    challenge: fromBase64Url(challenge),
    attestationType: "none",
    excludeCredentials: known.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: algorithms,
  });
  return options as CreationOptions;
}

const asked = (principal: Principal, party: RelyingParty) =>
  ({ kind: "register", rpId: party.id, sessionId: principal.session!.id }) as const;

async function assertRoom(practice: Practice, principal: Principal): Promise<void> {
  const [{ count }]: [{ count: number }] = await practice.database.em
    .fork()
    .execute("select count(*)::int as count from passkey where user_id = ?", [principal.actor.id]);
  if (count >= MOST_PER_PERSON) throw new DomainError("passkey_limit");
}

export interface Registration {
  readonly name: string;
  readonly prf: boolean;
  readonly credential: NewCredential;
}

/** @throws {DomainError} passkey_refused, already_exists, passkey_limit */
export async function registerPasskey(
  practice: Practice,
  principal: Principal,
  party: RelyingParty,
  { name, prf, credential }: Registration,
  requestId: string,
): Promise<Passkey> {
  const challenge = await useChallenge(practice, credential.response.clientDataJSON, asked(principal, party));
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { ...credential, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch((cause: unknown) => {
    throw Object.assign(new DomainError("passkey_refused"), { cause });
  });
  if (!verified) throw new DomainError("passkey_refused");
  await assertRoom(practice, principal);
  const { id: credentialId, publicKey, counter } = registrationInfo.credential;
  const id = newId();
  const at = instantNow();
  await practice.ledger.transact(async ({ em, audit }) => {
    const taken: unknown[] = await em.execute("select 1 from passkey where credential_id = ?", [
      credentialId,
    ]);
    if (taken.length > 0) throw new DomainError("already_exists");
    await em.execute(
      `insert into passkey(id, user_id, rp_id, credential_id, public_key, counter, transports, name, prf, created_at)
       values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)`,
      [
        id,
        principal.actor.id,
        party.id,
        credentialId,
        Buffer.from(publicKey),
        counter,
        JSON.stringify(credential.response.transports),
        name,
        prf,
        at,
      ],
    );
    const resource = { type: "passkey", id };
    audit({ actor: principal.audit, action: "passkey.registered", outcome: "ok", resource, requestId });
  });
  return { id, credentialId, name, prf, createdAt: at, lastUsedAt: null };
}

/** One's own, or those of somebody whose access one looks after. @throws {DomainError} not_yours */
export async function listPasskeys(
  practice: Practice,
  principal: Principal,
  userId = principal.actor.id,
): Promise<Passkey[]> {
  const decision = can(principal.actor, "passkey:read", { owners: [userId] });
  if (!decision.allowed) throw new DomainError(decision.code);
  const rows: {
    id: string;
    credential_id: string;
    name: string;
    prf: boolean;
    created_at: string;
    last_used_at: string | null;
  }[] = await practice.database.em
    .fork()
    .execute(
      "select id, credential_id, name, prf, created_at, last_used_at from passkey where user_id = ? order by created_at",
      [userId],
    );
  const text = (at: string) => instant(Date.parse(at));
  return rows.map(({ id, credential_id, name, prf, created_at, last_used_at }) => ({
    id,
    credentialId: credential_id,
    name,
    prf,
    createdAt: text(created_at),
    lastUsedAt: last_used_at === null ? null : text(last_used_at),
  }));
}

/** It signs nobody in from here on; tablets drop what it unlocked when they next hear of the clinic. */
export async function removePasskey(
  practice: Practice,
  principal: Principal,
  id: string,
  requestId: string,
): Promise<void> {
  await practice.ledger.transact(async ({ em, audit }) => {
    const [found]: { user_id: string }[] = await em.execute(
      "select user_id from passkey where id = ? for update",
      [id],
    );
    const decision = can(principal.actor, "passkey:remove", found && { owners: [found.user_id] });
    if (!decision.allowed) throw new DomainError(decision.code);
    if (!found) throw new DomainError("not_found");
    await em.execute("delete from passkey where id = ?", [id]);
    // Whoever looks after somebody's access may take away a lost key: the short password then lets nobody in alone.
    if (found.user_id === principal.actor.id) await assertNoShortPasswordAlone(em, found.user_id);
    const resource = { type: "passkey", id };
    audit({ actor: principal.audit, action: "passkey.removed", outcome: "ok", resource, requestId });
  });
}
