import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import type { Assertion, CreationOptions, NewCredential } from "#domain/access/passkey.ts";

const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();
const base64Url = (data: string | Uint8Array): string => Buffer.from(data).toString("base64url");

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

/** What a test lets the browser or the authenticator do otherwise than it should. */
export interface Odd {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly counter?: number;
  readonly userHandle?: string;
  /** The person's finger or code was not asked for. */
  readonly unverified?: boolean;
  readonly attestation?: "none" | "packed";
  readonly type?: string;
}

/** One ES256 passkey with its counter, and the browser around it: WebAuthn without a screen. */
export class SoftwareAuthenticator {
  readonly credentialId = base64Url(randomBytes(32));
  readonly #keys: { publicKey: KeyObject; privateKey: KeyObject };
  readonly #origin: string;
  #rpId = "";
  #userHandle = "";
  counter = 0;

  constructor(origin: string) {
    this.#keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#origin = origin;
  }

  /** navigator.credentials.create() */
  create(options: CreationOptions, odd: Odd = {}): NewCredential {
    this.#rpId = options.rp.id;
    this.#userHandle = options.user.id;
    const clientData = this.#clientData("webauthn.create", options.challenge, odd);
    const authData = Buffer.concat([this.#authData(ATTESTED, odd), this.#attested()]);
    const packed = odd.attestation === "packed";
    const statement = new Map<string, number | Uint8Array>();
    if (packed) {
      statement.set("alg", -7);
      statement.set("sig", new Uint8Array(this.#sign(authData, clientData)));
    }
    const attestation = new Map<string, unknown>([
      ["fmt", packed ? "packed" : "none"],
      ["attStmt", statement],
      ["authData", new Uint8Array(authData)],
    ]);
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: "public-key",
      response: {
        clientDataJSON: base64Url(clientData),
        attestationObject: base64Url(isoCBOR.encode(attestation as never)),
        transports: ["internal"],
      },
    };
  }

  /** navigator.credentials.get() */
  get(options: { readonly challenge: string }, odd: Odd = {}): Assertion {
    const clientData = this.#clientData("webauthn.get", options.challenge, odd);
    const authData = this.#authData(0, odd);
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: "public-key",
      response: {
        clientDataJSON: base64Url(clientData),
        authenticatorData: base64Url(authData),
        signature: base64Url(this.#sign(authData, clientData)),
        userHandle: odd.userHandle ?? this.#userHandle,
      },
    };
  }

  #clientData(type: string, challenge: string, odd: Odd): string {
    return JSON.stringify({
      type: odd.type ?? type,
      challenge: odd.challenge ?? challenge,
      origin: odd.origin ?? this.#origin,
      crossOrigin: false,
    });
  }

  /** WebAuthn §6.1: hash of the relying party's id, flags, counter. */
  #authData(more: number, odd: Odd): Buffer {
    this.counter = odd.counter ?? this.counter + 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const flags = PRESENT | (odd.unverified ? 0 : VERIFIED) | more;
    return Buffer.concat([sha256(odd.rpId ?? this.#rpId), Buffer.from([flags]), counter]);
  }

  /** AAGUID of nobody, credential id, COSE key. */
  #attested(): Buffer {
    const id = Buffer.from(this.credentialId, "base64url");
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const { x, y } = this.#keys.publicKey.export({ format: "jwk" });
    const key = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x!, "base64url"))],
      [-3, new Uint8Array(Buffer.from(y!, "base64url"))],
    ]);
    return Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(key as never)]);
  }

  #sign(authData: Buffer, clientData: string): Buffer {
    return createSign("sha256").update(authData).update(sha256(clientData)).sign(this.#keys.privateKey);
  }
}
