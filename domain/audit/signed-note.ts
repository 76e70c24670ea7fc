import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { concatBytes, utf8 } from "../kernel/bytes.ts";
import { idSchema } from "../kernel/id.ts";
import type { Tree } from "./merkle.ts";

/**
 * Checkpoints of the audit log in C2SP's tlog-checkpoint form, signed as C2SP signed notes with Ed25519: any verifier of
 * transparency logs can read them. Text:
 *
 *     urn:jamemr:<practice>        the log
 *     <size>                       records in the tree
 *     <root, base64>
 *     epoch <epoch>                begun anew by each restore
 *     time <instant>
 *
 *     — urn:jamemr:<practice> <base64(key hash, 4 bytes ‖ signature, 64 bytes)>
 */
export interface Checkpoint extends Tree {
  readonly origin: string;
  readonly epoch: string;
  /** ISO 8601, when it was made. */
  readonly at: string;
}

/** Ed25519 in C2SP's key types. */
const ED25519 = 1;
const SIGNATURE = 64;

export const originOf = (practiceId: string): string => `urn:jamemr:${practiceId}`;

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const checkpointText = ({ origin, size, root, epoch, at }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\nepoch ${epoch}\ntime ${at}\n`;

/** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ key) tell keys of one name apart. */
const keyHash = (name: string, key: Uint8Array): Uint8Array =>
  sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(ED25519), key)).slice(0, 4);

/** A verifier key in C2SP's text form: `<name>+<key hash, hex>+<base64(type ‖ key)>`. */
export const verifierKey = (name: string, key: Uint8Array): string =>
  `${name}+${[...keyHash(name, key)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}+${toBase64(concatBytes(Uint8Array.of(ED25519), key))}`;

/** @param sign Ed25519 over the bytes, with the private part of `key` */
export async function signNote(
  checkpoint: Checkpoint,
  key: Uint8Array,
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>,
): Promise<string> {
  const text = checkpointText(checkpoint);
  const signature = concatBytes(keyHash(checkpoint.origin, key), await sign(utf8(text)));
  return `${text}\n— ${checkpoint.origin} ${toBase64(signature)}\n`;
}

const textSchema = z
  .string()
  .max(2000)
  .regex(
    /^(?<origin>\S+)\n(?<size>0|[1-9]\d{0,14})\n(?<root>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\nepoch (?<epoch>[0-9a-f-]{36})\ntime (?<at>\S+)\n$/,
  );

/** What a note says, whoever signed it; null when it is none, also where base64 is written in another way than ours. */
export function readNote(note: string): Checkpoint | null {
  const [text] = note.split("\n\n");
  const parsed = textSchema.safeParse(`${text}\n`);
  if (!parsed.success) return null;
  const [origin = "", size = "", root = "", epoch = "", at = ""] = parsed.data.split("\n");
  const id = idSchema.safeParse(epoch.slice("epoch ".length));
  if (!id.success) return null;
  return { origin, size: Number(size), root: fromBase64(root), epoch: id.data, at: at.slice("time ".length) };
}

/**
 * What a note says, when it is one of this key; else null.
 * @param vkey a verifier key, see {@link verifierKey}
 */
export async function openNote(note: string, vkey: string): Promise<Checkpoint | null> {
  const checkpoint = readNote(note);
  const match = /^(?<name>[^+\s]+)\+[0-9a-f]{8}\+(?<key>[A-Za-z0-9+/]{44})$/.exec(vkey);
  if (!checkpoint || !match?.groups) return null;
  const { name = "", key = "" } = match.groups;
  const bytes = fromBase64(key);
  if (bytes[0] !== ED25519 || checkpoint.origin !== name) return null;
  const publicKey = bytes.slice(1);
  const hash = keyHash(name, publicKey);
  const end = note.indexOf("\n\n");
  const text = utf8(note.slice(0, end + 1));
  const imported = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  for (const line of note.slice(end + 2).split("\n")) {
    const signed = /^— (?<by>\S+) (?<signature>[A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=)$/.exec(line)?.groups;
    if (!signed || signed.by !== name) continue;
    const signature = fromBase64(signed.signature!);
    if (signature.length !== 4 + SIGNATURE || !hash.every((byte, i) => byte === signature[i])) continue;
    if (await crypto.subtle.verify("Ed25519", imported, signature.slice(4), text)) return checkpoint;
  }
  return null;
}
