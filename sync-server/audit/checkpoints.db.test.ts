import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Frontier, isConsistent, isIncluded } from "#domain/audit/merkle.ts";
import { openNote, readNote } from "#domain/audit/signed-note.ts";
import { type HistoryProof, judge, leafHash, type Prove, type Witnessed } from "#domain/audit/witness.ts";
import { fromHex, toHex } from "#domain/kernel/bytes.ts";
import type { PullResult } from "#domain/sync/protocol.ts";
import { backUp, bringBack } from "../testing/restored.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking } from "../testing/visit.ts";
import { CHECKPOINT_FILE } from "./checkpoints.ts";
import { signBeforeMigrating } from "./sign-head.ts";
import { consistencyProof, growTree, inclusionProof, rootOf } from "./tree.ts";

let practice: TestPractice;
let clinician: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await practice.signIn("clinician");
});
afterAll(() => practice.close());

const actor = { type: "system", id: "test" } as const;
/** So many records more. */
const grow = ({ practice: { ledger } }: TestPractice, count: number) =>
  ledger.record(
    ...Array.from({ length: count }, () => ({
      actor,
      action: "audit.verified" as const,
      outcome: "ok" as const,
    })),
  );
const made = async ({ practice: { checkpoints } }: TestPractice) => {
  const note = await checkpoints.make();
  return { note: note!, checkpoint: (await openNote(note!, checkpoints.key))! };
};
const prove =
  (at: TestPractice, caller: TestSession): Prove =>
  async ({ epoch, from, to }) => {
    const query = `?epoch=${epoch}&from=${from}&to=${to}`;
    const { status, body } = await at.request<HistoryProof>(caller, "GET", `/api/audit/proof${query}`);
    if (status === 409) return null;
    expect(status).toBe(200);
    return body;
  };

describe("the tree over the log", () => {
  it("has the roots and proofs of its leaves at every size around the edges of its tiles", async () => {
    await grow(practice, 66_200 - (await practice.head()));
    const em = practice.practice.database.em.fork();
    const size = await practice.head();
    await growTree(em, size);
    const rows = await practice.owner<{ leaf: Buffer }>("select leaf from audit_log order by seq");
    const leaves = rows.map(({ leaf }) => new Uint8Array(leaf));
    const edges = [1, 2, 3, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537, 65_792, size];
    const roots = new Map<number, Uint8Array>();
    const frontier = new Frontier();
    for (const leaf of leaves) {
      frontier.add(leaf);
      if (edges.includes(frontier.size)) roots.set(frontier.size, frontier.root());
    }
    for (const edge of edges) {
      expect(toHex(await rootOf(em, edge)), String(edge)).toBe(toHex(roots.get(edge)!));
      for (const index of [0, edge >> 1, edge - 1]) {
        const proof = await inclusionProof(em, index, edge);
        expect(isIncluded(leaves[index]!, { index, size: edge }, roots.get(edge)!, proof)).toBe(true);
      }
      for (const earlier of edges.filter((one) => one <= edge)) {
        const proof = await consistencyProof(em, earlier, edge);
        const trees = [earlier, edge].map((one) => ({ size: one, root: roots.get(one)! })) as [
          { size: number; root: Uint8Array },
          { size: number; root: Uint8Array },
        ];
        expect(isConsistent(...trees, proof), `${earlier} in ${edge}`).toBe(true);
      }
    }
    expect(await growTree(em, size)).toBe(0);
    const tiles = await practice.owner<{ level: number; count: string }>(
      "select level, count(*) as count from audit_tile group by level order by level",
    );
    expect(tiles.map(({ count }) => Number(count))).toEqual([Math.floor(size / 256), 1]);
  }, 60_000);

  it("cannot be changed by the server, nor what was signed", async () => {
    await made(practice);
    const em = practice.practice.database.em.fork();
    for (const table of ["audit_tile", "audit_checkpoint"])
      for (const change of [`delete from ${table}`, `truncate ${table}`])
        await expect(em.execute(change), change).rejects.toThrow(/permission denied/);
    for (const change of ["update audit_tile set place = 9", "delete from audit_checkpoint"])
      await expect(practice.owner(change), change).rejects.toMatchObject({ code: "JE004" });
  });
});

describe("a signed head", () => {
  it("comes with every answer of the synchronisation, and lies in the mirror", async () => {
    await grow(practice, 1);
    const { note, checkpoint } = await made(practice);
    expect(checkpoint.size).toBe(await practice.head());
    expect(await practice.practice.checkpoints.make()).toBe(note);
    expect(practice.practice.checkpoints.latest()).toBe(note);
    const { clientId, epoch } = clinician;
    const pull = { epoch, clientId, cursor: 0, scopeHash: null, held: [], want: [] };
    const pulled = await practice.request<PullResult>(clinician, "POST", "/api/sync/pull", pull);
    expect(pulled.body.checkpoint).toBe(note);
    const pushed = await practice.push(clinician, [mutation(clinician, 1, "appointment.book", booking())]);
    expect(pushed.checkpoint).toBe(note);
    const folder = join(practice.folder, "mirror");
    expect(await readFile(join(folder, CHECKPOINT_FILE), "utf8")).toBe(note);
    const { body } = await practice.request(clinician, "GET", "/api/audit/checkpoint");
    expect(body).toEqual({ checkpoint: note, key: practice.practice.checkpoints.key });
  });

  it("is not made of a log that is not what was signed", async () => {
    const own = await openTestPractice();
    await made(own);
    await grow(own, 3);
    await own.owner("alter table audit_log disable trigger user");
    await own.owner("update audit_log set leaf = sha256(leaf) where seq = 2");
    await expect(own.practice.checkpoints.make()).rejects.toThrow(/not those that were signed/);
    await own.close();
  });
});

describe("what nobody signed before the server ended", () => {
  it("is under a head before a release changes the tables, and only then", async () => {
    const other = await openTestPractice();
    try {
      const file = join(other.folder, "mirror", CHECKPOINT_FILE);
      const signed = async () => readNote(await readFile(file, "utf8"))?.size;
      await made(other);
      await grow(other, 3);
      await signBeforeMigrating({ JAMEMR_DATA: other.folder }, other.ownerUrl);
      expect(await signed()).toBe((await other.head()) - 3);
      await other.owner("delete from schema_migration where id = (select max(id) from schema_migration)");
      await signBeforeMigrating({ JAMEMR_DATA: other.folder }, other.ownerUrl);
      expect(await signed()).toBe(await other.head());
    } finally {
      await other.close();
    }
  });
});

describe("a witness of the practice", () => {
  const seen = async (at: TestPractice, caller: TestSession, known: Witnessed) =>
    judge(known, { note: (await made(at)).note, key: at.practice.checkpoints.key }, prove(at, caller));

  it("follows a log that grows, and a practice that went back to a backup and says so", async () => {
    const own = await openTestPractice();
    const nurse = await own.signIn("nurse");
    let known: Witnessed = { key: own.practice.checkpoints.key, notes: [] };
    const follow = async (at: TestPractice, caller: TestSession) => {
      const judged = await seen(at, caller, known);
      expect(judged.fault).toBeNull();
      known = (judged as { known: Witnessed }).known;
    };
    await follow(own, nurse);
    await grow(own, 300);
    await follow(own, nurse);
    const backup = await backUp(own);
    await grow(own, 50);
    await follow(own, nurse);
    const { practice: restored } = await bringBack(own, backup);
    const again = await restored.signIn("nurse");
    await follow(restored, again);
    await grow(restored, 20);
    await follow(restored, again);
    expect(known.notes).toHaveLength(5);
    await restored.close();
    await own.close();
  }, 30_000);

  it("refuses a practice whose database was put back without a word", async () => {
    const own = await openTestPractice();
    const nurse = await own.signIn("nurse");
    await grow(own, 40);
    const known = (await seen(own, nurse, { key: own.practice.checkpoints.key, notes: [] })) as {
      known: Witnessed;
    };
    await own.owner("alter table audit_log disable trigger user");
    await own.owner("delete from audit_log where seq > (select max(seq) - 20 from audit_log)");
    const { note } = { note: known.known.notes[0]! };
    expect(await judge(known.known, { note, key: known.known.key }, prove(own, nurse))).toEqual({
      fault: "shorter",
    });
    await own.close();
  });

  it("gets the record of a restore with the proof that it is in the log", async () => {
    const own = await openTestPractice();
    const former = await own.practice.epoch();
    const backup = await backUp(own);
    const { practice: restored } = await bringBack(own, backup);
    const nurse = await restored.signIn("nurse");
    const { checkpoint } = await made(restored);
    const proof = (await prove(restored, nurse)({ epoch: former, from: 0, to: checkpoint.size }))!;
    const [restore, ...more] = proof.restores;
    expect(more).toEqual([]);
    expect(JSON.parse(restore!.body)).toMatchObject({ action: "restore.executed", formerEpoch: former });
    const leaf = leafHash(fromHex(restore!.salt), restore!.body);
    const place = { index: restore!.seq - 1, size: checkpoint.size };
    expect(isIncluded(leaf, place, checkpoint.root, restore!.inclusion.map(fromHex))).toBe(true);
    await restored.close();
    await own.close();
  });
});
