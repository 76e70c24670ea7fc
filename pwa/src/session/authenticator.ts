import type { Assertion, CreationOptions, NewCredential } from "#domain/access/passkey.ts";
import { fromBase64Url, toBase64Url } from "#domain/kernel/bytes.ts";
import type { Bytes } from "../local/keys/aes.ts";
import { type PasskeySecret, passkeySecret } from "../local/keys/passkey-wrap.ts";
import { LocalError } from "../local/local-error.ts";
import { ApiError } from "./api-error.ts";

export interface Created {
  readonly credential: NewCredential;
  /** The authenticator has a pseudo-random function; some tell its output only when they are asked again. */
  readonly prf: boolean;
  readonly secret: PasskeySecret | null;
}

export interface Asserted {
  readonly assertion: Assertion;
  /** Null from an authenticator without a pseudo-random function. */
  readonly secret: PasskeySecret | null;
}

/** The finger, face, code or key of a person. @throws {LocalError} no_passkey · {ApiError} already_exists */
export interface Authenticator {
  create(options: CreationOptions, question: Bytes): Promise<Created>;
  /** `allow` = credential ids; absent for "whoever you are". Needs no network. */
  get(challenge: Bytes, question: Bytes, allow?: readonly string[]): Promise<Asserted>;
}

/** Milliseconds; the browser takes it as a wish. */
const PATIENCE = 120_000;

/** A question that nobody answered ends when the next one is asked: browsers allow one at a time. */
let pending = new AbortController();

async function answerOf(
  ask: (signal: AbortSignal) => Promise<Credential | null>,
): Promise<PublicKeyCredential> {
  pending.abort();
  pending = new AbortController();
  try {
    const credential = await ask(pending.signal);
    if (credential) return credential as PublicKeyCredential;
  } catch (cause) {
    const known = cause instanceof DOMException && cause.name === "InvalidStateError";
    throw known ? new ApiError("already_exists") : new LocalError("no_passkey", { cause });
  }
  throw new LocalError("no_passkey");
}

async function secretOf(credential: PublicKeyCredential): Promise<PasskeySecret | null> {
  const output = credential.getClientExtensionResults().prf?.results?.first;
  if (!output) return null;
  const bytes = ArrayBuffer.isView(output)
    ? new Uint8Array(output.buffer, output.byteOffset, output.byteLength)
    : new Uint8Array(output);
  return passkeySecret(credential.id, bytes as Bytes);
}

const encoded = (buffer: ArrayBuffer): string => toBase64Url(new Uint8Array(buffer));

/**
 * What goes to the clinic is put together by hand: the browser's own `toJSON` would put the secret beside it.
 */
export const browserAuthenticator: Authenticator = {
  async create(options, question) {
    const credential = await answerOf((signal) =>
      navigator.credentials.create({
        signal,
        publicKey: {
          ...options,
          challenge: fromBase64Url(options.challenge),
          user: { ...options.user, id: fromBase64Url(options.user.id) },
          excludeCredentials: options.excludeCredentials.map((known) => ({
            type: known.type,
            id: fromBase64Url(known.id),
            transports: known.transports as AuthenticatorTransport[],
          })),
          attestation: "none",
          authenticatorSelection: {
            residentKey: "required",
            requireResidentKey: true,
            userVerification: "required",
          },
          timeout: PATIENCE,
          extensions: { prf: { eval: { first: question } } },
        },
      }),
    );
    const response = credential.response as AuthenticatorAttestationResponse;
    return {
      credential: {
        id: credential.id,
        rawId: credential.id,
        type: "public-key",
        response: {
          clientDataJSON: encoded(response.clientDataJSON),
          attestationObject: encoded(response.attestationObject),
          transports: response.getTransports?.().slice(0, 10) ?? [],
        },
      },
      prf: credential.getClientExtensionResults().prf?.enabled === true,
      secret: await secretOf(credential),
    };
  },

  async get(challenge, question, allow) {
    const credential = await answerOf((signal) =>
      navigator.credentials.get({
        signal,
        publicKey: {
          challenge,
          ...(allow
            ? {
                allowCredentials: allow.map((id) => ({ type: "public-key" as const, id: fromBase64Url(id) })),
              }
            : {}),
          userVerification: "required",
          timeout: PATIENCE,
          extensions: { prf: { eval: { first: question } } },
        },
      }),
    );
    const response = credential.response as AuthenticatorAssertionResponse;
    return {
      assertion: {
        id: credential.id,
        rawId: credential.id,
        type: "public-key",
        response: {
          clientDataJSON: encoded(response.clientDataJSON),
          authenticatorData: encoded(response.authenticatorData),
          signature: encoded(response.signature),
          userHandle: response.userHandle ? encoded(response.userHandle) : "",
        },
      },
      secret: await secretOf(credential),
    };
  },
};
