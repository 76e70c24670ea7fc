import { emptyRoot, type Hash, nodeHash, partOf } from "#domain/audit/merkle.ts";
import type { EntityManager } from "#server/database/database.ts";

/**
 * The Merkle tree over the log as the database holds it: leaves in `audit_log`, and for every 256 hashes of a level one tile
 * above it. What is complete never changes, so that a tile is written once.
 */
const WIDTH = 256;

const bytes = (hash: Buffer): Hash => new Uint8Array(hash);

/** Hashes `from` to `to` (exclusive) of a level. @throws {RangeError} when the log is shorter */
async function hashes(em: EntityManager, level: number, from: number, to: number): Promise<Hash[]> {
  const rows: { hash: Buffer }[] =
    level === 0
      ? await em.execute("select leaf as hash from audit_log where seq > ? and seq <= ? order by seq", [
          from,
          to,
        ])
      : await em.execute(
          "select hash from audit_tile where level = ? and place >= ? and place < ? order by place",
          [level, from, to],
        );
  if (rows.length !== to - from) throw new RangeError(`the tree has no ${to} hashes at level ${level}`);
  return rows.map(({ hash }) => bytes(hash));
}

/** The root over a power of two of hashes. */
function fold(list: readonly Hash[]): Hash {
  let level = list;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, i) => nodeHash(level[2 * i]!, level[2 * i + 1]!));
  return level[0]!;
}

/**
 * Writes the tiles that are complete in a log of `size` records and not there yet.
 * @returns how many were written
 */
export async function growTree(em: EntityManager, size: number): Promise<number> {
  let written = 0;
  for (let level = 1, below = size; below >= WIDTH; level++) {
    const complete = Math.floor(below / WIDTH);
    const [row]: { count: string }[] = await em.execute(
      "select coalesce(max(place) + 1, 0) as count from audit_tile where level = ?",
      [level],
    );
    for (let place = Number(row?.count ?? 0); place < complete; place++) {
      const hash = fold(await hashes(em, level - 1, place * WIDTH, (place + 1) * WIDTH));
      await em.execute("insert into audit_tile(level, place, hash) values (?, ?, ?) on conflict do nothing", [
        level,
        place,
        Buffer.from(hash),
      ]);
      written++;
    }
    below = complete;
  }
  return written;
}

/** The root over leaves `from` to `to` (exclusive), as the tree of RFC 6962 parts them. */
async function subtree(em: EntityManager, from: number, to: number): Promise<Hash> {
  const count = to - from;
  let [level, unit] = [0, 1];
  while (unit * WIDTH <= count && count % (unit * WIDTH) === 0 && from % (unit * WIDTH) === 0) {
    unit *= WIDTH;
    level++;
  }
  const units = count / unit;
  if (units <= WIDTH && Number.isInteger(Math.log2(units)))
    return fold(await hashes(em, level, from / unit, to / unit));
  const part = partOf(count);
  return nodeHash(await subtree(em, from, from + part), await subtree(em, from + part, to));
}

/** The root of the log's first `size` records, whose tiles are written. */
export const rootOf = (em: EntityManager, size: number): Promise<Hash> =>
  size === 0 ? Promise.resolve(emptyRoot) : subtree(em, 0, size);

/** That record `index + 1` is in the log of `size` records (RFC 9162, §2.1.3.1). */
export async function inclusionProof(em: EntityManager, index: number, size: number): Promise<Hash[]> {
  const path: Hash[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const part = from + partOf(to - from);
    if (index < part) {
      path.unshift(await subtree(em, part, to));
      to = part;
    } else {
      path.unshift(await subtree(em, from, part));
      from = part;
    }
  }
  return path;
}

/** That the log of `earlier` records is the beginning of the log of `later` records (RFC 9162, §2.1.4.1). */
export async function consistencyProof(em: EntityManager, earlier: number, later: number): Promise<Hash[]> {
  if (earlier === 0 || earlier === later) return [];
  const path: Hash[] = [];
  let [from, to] = [0, later];
  let known = true; // the subtree is the whole of the earlier tree, which the asker has
  while (earlier !== to) {
    const part = from + partOf(to - from);
    if (earlier <= part) {
      path.unshift(await subtree(em, part, to));
      to = part;
    } else {
      path.unshift(await subtree(em, from, part));
      from = part;
      known = false;
    }
  }
  if (!known) path.unshift(await subtree(em, from, to));
  return path;
}
