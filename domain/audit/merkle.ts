import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "../kernel/bytes.ts";

/**
 * The Merkle tree over the audit log (RFC 6962, §2.1). The leaf of record `seq` is at index `seq − 1`; its hash is
 * SHA-256(0x00 ‖ salt ‖ body), an inner node's SHA-256(0x01 ‖ left ‖ right). Everything here is pure: the server makes
 * proofs, tablets, the AI node and outside verifiers check them.
 */
export type Hash = Uint8Array;

const NODE = Uint8Array.of(1);

/** Root of a tree without leaves. */
export const emptyRoot: Hash = sha256(new Uint8Array());

export const nodeHash = (left: Hash, right: Hash): Hash => sha256(concatBytes(NODE, left, right));

export const sameHash = (a: Hash, b: Hash): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** The largest power of two below `n`, which is at least 2: where a tree of n leaves parts. */
export function partOf(n: number): number {
  let part = 1;
  while (part * 2 < n) part *= 2;
  return part;
}

/**
 * The roots of the complete subtrees that a tree of some size consists of, largest first. Leaves are added one by one in
 * constant memory: what a verifier does that reads a log from its beginning.
 */
export class Frontier {
  readonly #roots: (Hash | null)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(leaf: Hash): void {
    let hash = leaf;
    let level = 0;
    for (; this.#roots[level]; level++) {
      hash = nodeHash(this.#roots[level]!, hash);
      this.#roots[level] = null;
    }
    this.#roots[level] = hash;
    this.#size++;
  }

  root(): Hash {
    let root: Hash | null = null;
    for (const subtree of this.#roots) if (subtree) root = root ? nodeHash(subtree, root) : subtree;
    return root ?? emptyRoot;
  }
}

/** Whether `leaf` is at `index` of the tree of `size` leaves with this root (RFC 9162, §2.1.3.2). */
export function isIncluded(
  leaf: Hash,
  { index, size }: { readonly index: number; readonly size: number },
  root: Hash,
  proof: readonly Hash[],
): boolean {
  if (index >= size) return false;
  let [fn, sn] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else hash = nodeHash(hash, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && sameHash(hash, root);
}

export interface Tree {
  readonly size: number;
  readonly root: Hash;
}

/** Whether the later tree holds every leaf of the earlier one in its place (RFC 9162, §2.1.4.2). */
export function isConsistent(earlier: Tree, later: Tree, proof: readonly Hash[]): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && sameHash(earlier.root, later.root);
  if (earlier.size === 0) return proof.length === 0;
  // A complete earlier tree is itself the first node of the path.
  const path = Number.isInteger(Math.log2(earlier.size)) ? [earlier.root, ...proof] : proof;
  if (path.length === 0) return false;
  let [fn, sn] = [earlier.size - 1, later.size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [first, second] = [path[0]!, path[0]!];
  for (const node of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      first = nodeHash(node, first);
      second = nodeHash(node, second);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else second = nodeHash(second, node);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && sameHash(first, earlier.root) && sameHash(second, later.root);
}
