import { createCipheriv, createHash } from "node:crypto";
import { CompactEncrypt, importJWK, SignJWT } from "jose";
import { toBase64Url } from "#domain/kernel/bytes.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { now, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { type RecordingPart, recordingHash } from "#domain/recording/index.ts";
import { type Envelope, envelopeAad, envelopeSigningText, firstPrevHash } from "#domain/sync/envelope.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import type { TestPractice, TestSession } from "./test-practice.ts";

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

export interface TabletKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicKey;
}

export async function newTabletKey(): Promise<TabletKey> {
  const pair = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: { kty: "EC", crv: "P-256", x: x!, y: y! } };
}

/** A tablet with its device key and its person's signing key, signed in. */
export interface Tablet {
  readonly session: TestSession;
  readonly deviceKey: TabletKey;
  readonly signingKey: TabletKey;
}

export async function signInTablet(practice: TestPractice, username: string): Promise<Tablet> {
  const [deviceKey, signingKey] = [await newTabletKey(), await newTabletKey()];
  const session = await practice.signIn(username, {
    key: deviceKey.publicKey,
    signingKey: signingKey.publicKey,
  });
  return { session, deviceKey, signingKey };
}

/** `Device …` for one request. `change` replaces claims. */
export async function deviceProof(
  practice: TestPractice,
  tablet: Pick<Tablet, "session" | "deviceKey">,
  method: string,
  path: string,
  change: Record<string, unknown> = {},
): Promise<string> {
  const proof = await new SignJWT({
    iss: tablet.session.deviceId,
    aud: practice.practice.info.id,
    iat: Math.floor(now() / 1000),
    jti: newId(),
    htm: method,
    htu: `http://localhost:8080${path}`,
    ...change,
  })
    .setProtectedHeader({ alg: "ES256", typ: "JWT" })
    .sign(tablet.deviceKey.privateKey);
  return `Device ${proof}`;
}

/** A compact JWE to the server's key, as a tablet seals content keys. */
export async function sealToServer(session: TestSession, plain: Uint8Array): Promise<string> {
  const { kid, ...key } = session.session.serverKey;
  return new CompactEncrypt(plain)
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid })
    .encrypt((await importJWK({ ...key, alg: "ECDH-ES+A256KW" })) as CryptoKey);
}

/** A mutation as it waits in the outbox. `change` replaces members before the signature is made. */
export async function envelope(
  tablet: Tablet,
  mutation: PushedMutation,
  change: Partial<Envelope> = {},
): Promise<Envelope> {
  const { session } = tablet;
  const contentKey = randomBytes(32);
  const iv = randomBytes(12);
  const head = { v: 1 as const, clientId: session.clientId, n: mutation.n, id: mutation.id };
  const cipher = createCipheriv("aes-256-gcm", contentKey, iv).setAAD(Buffer.from(envelopeAad(head)));
  const ct = Buffer.concat([cipher.update(canonical(mutation)), cipher.final(), cipher.getAuthTag()]);
  const unsigned: Omit<Envelope, "sig"> = {
    ...head,
    epoch: session.epoch,
    user: session.user.id,
    device: session.deviceId,
    at: mutation.at,
    prevHash: firstPrevHash,
    iv: toBase64Url(iv),
    ct: toBase64Url(ct),
    keyLocal: toBase64Url(randomBytes(60)),
    keyServer: await sealToServer(session, contentKey),
    ...change,
  };
  const sig = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    tablet.signingKey.privateKey,
    Buffer.from(envelopeSigningText(unsigned)),
  );
  return { ...unsigned, sig: change.sig ?? toBase64Url(new Uint8Array(sig)) };
}

/** Sound of one part, sealed in frames as a tablet uploads it. */
export async function sealedPart(
  recordingId: string,
  part: number,
  contentKey: Uint8Array,
  chunks: readonly Uint8Array[],
): Promise<{ upload: Uint8Array<ArrayBuffer>; facts: RecordingPart }> {
  const frames: Buffer[] = [];
  const hash = createHash("sha256");
  for (const [chunk, plain] of chunks.entries()) {
    hash.update(plain);
    const jwe = await new CompactEncrypt(plain)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", rec: recordingId, part, chunk })
      .encrypt(contentKey);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(jwe.length);
    frames.push(length, Buffer.from(jwe));
  }
  const facts: RecordingPart = {
    part,
    mime: "audio/webm;codecs=opus",
    bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    seconds: chunks.length * 5,
    startOffset: part * 60,
    sha256: hash.digest("hex"),
  };
  return { upload: Uint8Array.from(Buffer.concat(frames)), facts };
}

/** Arguments of `recording.complete` for these parts. */
export const completion = (id: string, parts: RecordingPart[]) => ({
  id,
  parts,
  gaps: [],
  endedAt: new Date(now()).toISOString(),
  sha256: recordingHash(parts),
});

export interface UploadOptions {
  /** `Authorization` of each request. */
  readonly authorize: (method: string, path: string) => Promise<string> | string;
  /** Bytes per PATCH; default everything at once. */
  readonly piece?: number;
}

/** Sends one part by tus 1.0. @returns the statuses of all answers and the last answer's code, if any */
export async function uploadPart(
  practice: TestPractice,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  { authorize, piece = bytes.length }: UploadOptions,
): Promise<{ statuses: number[]; code: string | undefined }> {
  const tus = { "tus-resumable": "1.0.0" };
  const send = async (method: string, path: string, headers: Record<string, string>, body?: Uint8Array) =>
    practice.request(await authorize(method, path), method, path, body, { ...tus, ...headers });
  const created = await send("POST", "/api/recordings", {
    "upload-length": String(bytes.length),
    "upload-metadata": `id ${Buffer.from(name).toString("base64")}`,
  });
  const statuses = [created.status];
  let code = created.body?.code as string | undefined;
  for (let offset = 0; offset < bytes.length && !code; offset += piece) {
    const answer = await send(
      "PATCH",
      `/api/recordings/${name}`,
      { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) },
      bytes.subarray(offset, offset + piece),
    );
    statuses.push(answer.status);
    code = answer.body?.code as string | undefined;
  }
  return { statuses, code };
}
