import { toHex } from "../../kernel/bytes.ts";
import { canonical } from "../../kernel/canonical.ts";
import { instantNow, randomBytes } from "../../kernel/clock.ts";
import { newId } from "../../kernel/id.ts";
import { type Hash, nodeHash, partOf } from "../merkle.ts";
import { originOf, signNote, verifierKey } from "../signed-note.ts";
import { leafHash, type Prove } from "../witness.ts";

export interface Entry {
  readonly salt: Hash;
  readonly body: string;
}
export const entry = (body: object): Entry => ({ salt: randomBytes(16), body: canonical(body) });
export const entries = (count: number): Entry[] =>
  Array.from({ length: count }, (_, i) => entry({ i, id: newId() }));
export const restoreOf = (
  epoch: string,
  newHead: number,
  before: { formerEpoch: string; oldHead: number } | null,
) =>
  entry({
    recordedAt: instantNow(),
    actor: { type: "system", id: "jamemr" },
    action: "restore.executed",
    outcome: "ok",
    resource: { type: "epoch", id: epoch },
    after: String(newHead),
    ...(before && { before: String(before.oldHead), formerEpoch: before.formerEpoch }),
  });

const hash = ({ salt, body }: Entry): Hash => leafHash(salt, body);
const rootOf = (list: readonly Entry[]): Hash => {
  if (list.length === 1) return hash(list[0]!);
  const part = partOf(list.length);
  return nodeHash(rootOf(list.slice(0, part)), rootOf(list.slice(part)));
};
const inclusion = (index: number, list: readonly Entry[]): Hash[] => {
  if (list.length <= 1) return [];
  const part = partOf(list.length);
  return index < part
    ? [...inclusion(index, list.slice(0, part)), rootOf(list.slice(part))]
    : [...inclusion(index - part, list.slice(part)), rootOf(list.slice(0, part))];
};
const consistency = (size: number, list: readonly Entry[], whole = true): Hash[] => {
  if (size === 0) return [];
  if (size === list.length) return whole ? [] : [rootOf(list)];
  const part = partOf(list.length);
  return size <= part
    ? [...consistency(size, list.slice(0, part), whole), rootOf(list.slice(part))]
    : [...consistency(size - part, list.slice(part), false), rootOf(list.slice(0, part))];
};

/** A practice whose log can be played with: what it holds, in which epoch, and what it says when it is asked. */
export async function playedLog() {
  const origin = originOf(newId());
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const state = { epoch: newId(), log: entries(40) };
  const prove: Prove = async ({ epoch, from, to }) => {
    if (to > state.log.length || from > to) return null;
    const log = state.log.slice(0, to);
    const restores = log.flatMap(({ salt, body }, i) => {
      const { action, resource } = JSON.parse(body) as { action?: string; resource?: { id: string } };
      if (action !== "restore.executed" || epoch === state.epoch || resource?.id === epoch) return [];
      return [{ seq: i + 1, salt: toHex(salt), body, inclusion: inclusion(i, log).map(toHex) }];
    });
    return { from, to, consistency: consistency(from, log).map(toHex), restores };
  };
  const note = (size = state.log.length) =>
    signNote(
      { origin, size, root: rootOf(state.log.slice(0, size)), epoch: state.epoch, at: instantNow() },
      key,
      async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes)),
    );
  return { state, prove, note, key: verifierKey(origin, key) };
}
export type PlayedLog = Awaited<ReturnType<typeof playedLog>>;

/** Goes back to the first `newHead` records, in a new epoch that says so. */
export function goBack({ state }: PlayedLog, newHead: number, oldHead = state.log.length): void {
  const formerEpoch = state.epoch;
  state.epoch = newId();
  state.log.splice(newHead);
  state.log.push(restoreOf(state.epoch, newHead, { formerEpoch, oldHead }));
}
