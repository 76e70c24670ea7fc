import { describe, expect, it } from "vitest";
import { toHex } from "../kernel/bytes.ts";
import { newId } from "../kernel/id.ts";
import {
  type Entry,
  entries,
  entry,
  goBack,
  type PlayedLog,
  playedLog,
  restoreOf,
} from "./testing/played-log.ts";
import { judge, type Prove, remember, type Witnessed } from "./witness.ts";

/** A witness that has seen the log at these sizes. */
async function witness({ key, note, prove }: PlayedLog, ...sizes: number[]): Promise<Witnessed> {
  let known: Witnessed = { key, notes: [] };
  for (const size of sizes) {
    const judged = await judge(known, { key, note: await note(size) }, prove);
    if (judged.fault !== null) throw new Error(judged.fault);
    known = judged.known;
  }
  return known;
}
const shown = async (at: PlayedLog, known: Witnessed, size?: number) =>
  judge(known, { key: at.key, note: await at.note(size) }, at.prove);

describe("a witness", () => {
  it("believes a log that grows, and keeps its heads", async () => {
    const at = await playedLog();
    const known = await witness(at, 7, 8, 33, 40);
    expect(known.notes).toHaveLength(4);
    at.state.log.push(...entries(3));
    expect(await shown(at, known)).toMatchObject({ fault: null });
  });

  it("is not misled by an answer that was overtaken, and keeps the longer head", async () => {
    const at = await playedLog();
    const known = await witness(at, 33);
    expect(await shown(at, known, 20)).toEqual({ fault: null, known });
  });

  it.each([
    ["one record altered", (log: Entry[]) => log.splice(4, 1, entry({ other: true })), "different"],
    [
      "one record taken out, one put at the end",
      (log: Entry[]) => log.push(...log.splice(4, 1)),
      "different",
    ],
    ["two records exchanged", (log: Entry[]) => log.splice(4, 2, log[5]!, log[4]!), "different"],
    ["a record slipped in", (log: Entry[]) => log.splice(4, 0, entry({ more: true })), "different"],
    ["cut at its end", (log: Entry[]) => log.splice(20), "shorter"],
    ["cut, and grown again beyond", (log: Entry[]) => log.splice(20, 99, ...entries(30)), "different"],
  ] as const)("refuses a log with %s", async (_, tamper, fault) => {
    const at = await playedLog();
    const known = await witness(at, 20, 33);
    tamper(at.state.log);
    expect(await shown(at, known)).toEqual({ fault });
  });

  it("refuses another key, and what its key did not sign", async () => {
    const at = await playedLog();
    const other = await playedLog();
    const known = await witness(at, 20);
    const note = await at.note();
    expect(await judge(known, { key: other.key, note }, at.prove)).toEqual({ fault: "other_key" });
    expect(await judge(known, { key: at.key, note: await other.note() }, at.prove)).toEqual({
      fault: "unsigned",
    });
    expect(await judge(known, { key: at.key, note: note.replace("\n40\n", "\n41\n") }, at.prove)).toEqual({
      fault: "unsigned",
    });
  });
});

describe("after a restore a witness", () => {
  it("believes a log that names it, and goes on from there", async () => {
    const at = await playedLog();
    const known = await witness(at, 10, 33);
    goBack(at, 20);
    const judged = await shown(at, known);
    expect(judged.fault).toBeNull();
    at.state.log.push(...entries(5));
    expect(await shown(at, (judged as { known: Witnessed }).known)).toMatchObject({ fault: null });
  });

  it("believes two of them, and one by a clinic that does not know where it had stood", async () => {
    const at = await playedLog();
    const known = await witness(at, 10, 33);
    goBack(at, 30);
    at.state.log.push(...entries(4));
    goBack(at, 33);
    expect(await shown(at, known)).toMatchObject({ fault: null });
    const lost = await playedLog();
    const seen = await witness(lost, 10, 33);
    lost.state.epoch = newId();
    lost.state.log.splice(20);
    lost.state.log.push(restoreOf(lost.state.epoch, 20, null));
    expect(await shown(lost, seen)).toMatchObject({ fault: null });
  });

  it("refuses one that no record names", async () => {
    const at = await playedLog();
    const known = await witness(at, 33);
    at.state.epoch = newId();
    at.state.log.splice(20);
    expect(await shown(at, known)).toEqual({ fault: "unannounced_restore" });
  });

  it("refuses one that names a shorter log than was seen", async () => {
    const at = await playedLog();
    const known = await witness(at, 33);
    goBack(at, 20, 25);
    expect(await shown(at, known)).toEqual({ fault: "shorter" });
  });

  it("refuses one that changed what came before the backup", async () => {
    const at = await playedLog();
    const known = await witness(at, 10, 33);
    at.state.log.splice(4, 1, entry({ other: true }));
    goBack(at, 20);
    expect(await shown(at, known)).toEqual({ fault: "different" });
  });

  it("refuses a record of a restore that is not in the log", async () => {
    const at = await playedLog();
    const known = await witness(at, 33);
    const formerEpoch = at.state.epoch;
    at.state.epoch = newId();
    at.state.log.splice(20);
    const { salt, body } = restoreOf(at.state.epoch, 20, { formerEpoch, oldHead: 40 });
    const lying: Prove = async (request) => {
      const proof = await at.prove(request);
      return proof && { ...proof, restores: [{ seq: 20, salt: toHex(salt), body, inclusion: [] }] };
    };
    const judged = await judge(known, { key: at.key, note: await at.note() }, lying);
    expect(judged).toEqual({ fault: "unannounced_restore" });
  });
});

describe("what a witness keeps", () => {
  it("is the newest heads, and of older ones ever fewer", () => {
    let notes: readonly string[] = [];
    for (let i = 0; i < 500; i++) notes = remember(notes, String(i));
    expect(notes.length).toBeLessThanOrEqual(32);
    expect(notes.slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => String(484 + i)));
    expect(Number(notes[0])).toBeLessThan(300);
  });
});
