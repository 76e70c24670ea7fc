import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, toHex } from "../kernel/bytes.ts";
import { emptyRoot, Frontier, type Hash, isConsistent, isIncluded, nodeHash, partOf } from "./merkle.ts";

/** The inputs of the test vectors that implementations of RFC 6962 share, and the roots of their first n. */
const inputs = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(fromHex);
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leaves = inputs.map((input) => sha256(concatBytes(Uint8Array.of(0), input)));

/** RFC 6962 §2.1 written down once more, without any memory. */
const rootOf = (list: readonly Hash[]): Hash => {
  if (list.length === 0) return emptyRoot;
  if (list.length === 1) return list[0]!;
  const part = partOf(list.length);
  return nodeHash(rootOf(list.slice(0, part)), rootOf(list.slice(part)));
};
const inclusion = (index: number, list: readonly Hash[]): Hash[] => {
  if (list.length <= 1) return [];
  const part = partOf(list.length);
  return index < part
    ? [...inclusion(index, list.slice(0, part)), rootOf(list.slice(part))]
    : [...inclusion(index - part, list.slice(part)), rootOf(list.slice(0, part))];
};
const consistency = (size: number, list: readonly Hash[], whole = true): Hash[] => {
  if (size === list.length) return whole ? [] : [rootOf(list)];
  const part = partOf(list.length);
  return size <= part
    ? [...consistency(size, list.slice(0, part), whole), rootOf(list.slice(part))]
    : [...consistency(size - part, list.slice(part), false), rootOf(list.slice(0, part))];
};

const many = Array.from({ length: 41 }, (_, i) => sha256(Uint8Array.of(i)));
const tree = (size: number) => ({ size, root: rootOf(many.slice(0, size)) });
const flipped = (hash: Hash): Hash => hash.map((byte, i) => (i === 3 ? byte ^ 1 : byte));

describe("the Merkle tree of RFC 6962", () => {
  it("has the roots of the shared test vectors", () => {
    const frontier = new Frontier();
    expect(toHex(frontier.root())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (const [i, leaf] of leaves.entries()) {
      frontier.add(leaf);
      expect(toHex(frontier.root())).toBe(roots[i]);
      expect(toHex(rootOf(leaves.slice(0, i + 1)))).toBe(roots[i]);
    }
  });

  it("proves each leaf of each size, and no other one", () => {
    for (let size = 1; size <= 40; size++)
      for (let index = 0; index < size; index++) {
        const proof = inclusion(index, many.slice(0, size));
        const { root } = tree(size);
        expect(isIncluded(many[index]!, { index, size }, root, proof)).toBe(true);
        expect(isIncluded(flipped(many[index]!), { index, size }, root, proof)).toBe(false);
        expect(isIncluded(many[index]!, { index: index + 1, size }, root, proof)).toBe(false);
        expect(isIncluded(many[index]!, { index, size }, root, [...proof, proof[0] ?? root])).toBe(false);
        if (proof.length > 0)
          expect(isIncluded(many[index]!, { index, size }, root, proof.slice(1))).toBe(false);
      }
  });

  it("proves of each size that it is the beginning of each larger one, and of nothing else", () => {
    for (let later = 1; later <= 33; later++)
      for (let earlier = 1; earlier <= later; earlier++) {
        const proof = consistency(earlier, many.slice(0, later));
        expect(isConsistent(tree(earlier), tree(later), proof), `${earlier} in ${later}`).toBe(true);
        const other = { size: earlier, root: flipped(tree(earlier).root) };
        expect(isConsistent(other, tree(later), proof)).toBe(false);
        expect(isConsistent(tree(earlier), { size: later, root: flipped(tree(later).root) }, proof)).toBe(
          false,
        );
        for (const i of proof.keys())
          expect(isConsistent(tree(earlier), tree(later), proof.with(i, flipped(proof[i]!)))).toBe(false);
        if (earlier < later) {
          expect(isConsistent(tree(later), tree(earlier), proof)).toBe(false);
          expect(isConsistent(tree(earlier), tree(later), proof.slice(1))).toBe(false);
          expect(isConsistent(tree(earlier), tree(later), [...proof, proof[0]!])).toBe(false);
        }
      }
  });
});
