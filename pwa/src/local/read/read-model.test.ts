import { getHeapSnapshot } from "node:v8";
import { afterEach, describe, expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { mutations } from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { ConfirmedRow } from "../store/rows.ts";
import { patientRow, registration } from "../testing/people.ts";
import { ReadModel } from "./read-model.ts";
import { replay, stampOf } from "./view.ts";

const models: ReadModel[] = [];
afterEach(async () => {
  for (const model of models.splice(0)) await model.close();
});
async function openModel() {
  const model = new ReadModel();
  await model.attach();
  models.push(model);
  return model;
}

const confirmed = (data: { id: string }, kid = "k1", collection = "patient"): ConfirmedRow => ({
  collection,
  id: data.id,
  version: 1,
  seq: 1,
  kid,
  data: { ...data },
});
const pending = (n: number, name: string, args: PushedMutation["args"]): PushedMutation => ({
  n,
  id: newId(),
  name,
  v: 1,
  args,
  base: null,
  at: "2027-01-12T14:00:00.000Z",
  tz: "America/New_York",
  actor: newId(),
  role: "clinician",
  hash: "0".repeat(64),
});

describe("the view", () => {
  test("is what the server's apply gives, change by change", async () => {
    const model = await openModel();
    const id = newId();
    const changes = [
      pending(1, "patient.register", registration("Lopez", id)),
      pending(2, "patient.update", { id, phone: "555-0101" }),
      pending(3, "patient.update", { id, familyName: "Lopez-Diaz" }),
    ];
    let server: Parameters<typeof replay>[0];
    for (const change of changes) {
      await model.applyBatch({ pending: [change] });
      const { mutation } = mutations.get(change.name) ?? {};
      server = mutation?.apply(server as never, mutation.args.parse(change.args), stampOf(change)) as never;
      expect(await model.view("patient", id)).toEqual(server);
    }
    // The clinic confirms the first two; the third still waits on top.
    const base = replay(undefined, changes.slice(0, 2)) as { id: string };
    await model.applyBatch({ puts: [confirmed(base)], settled: [1, 2] });
    expect(await model.view("patient", id)).toEqual(server);
    // A refusal takes it back.
    await model.applyBatch({ settled: [3] });
    expect(await model.view("patient", id)).toMatchObject({ familyName: "Lopez", phone: "555-0101" });
  });

  test("a change of a version this release does not know leaves the row alone", () => {
    const change = { ...pending(1, "patient.update", { id: newId(), phone: "1" }), v: 99 };
    expect(replay({ phone: "0" }, [change])).toEqual({ phone: "0" });
  });

  test("a row that moved to another stream is not removed by the stream it left", async () => {
    const model = await openModel();
    const row = patientRow("Moved");
    await model.applyBatch({ puts: [confirmed(row, "old")] });
    await model.applyBatch({
      puts: [confirmed(row, "new")],
      removes: [{ collection: "patient", id: row.id, kid: "old" }],
    });
    expect(await model.find("patient")).toHaveLength(1);
    await model.purge(new Set(["old"]));
    expect(await model.find("patient")).toHaveLength(1);
    await model.purge(new Set(["new"]));
    expect(await model.find("patient")).toHaveLength(0);
  });

  test("lists are filtered, sorted, cut and live", async () => {
    const model = await openModel();
    const seen: string[][] = [];
    const stop = model.watch(
      "patient",
      { where: { familyName: { gte: "B" } }, sort: { by: "familyName", descending: true }, limit: 2 },
      (rows) => seen.push(rows.map(({ familyName }) => familyName)),
    );
    await model.applyBatch({ puts: ["A", "B", "C", "D"].map((name) => confirmed(patientRow(name))) });
    await expect.poll(() => seen.at(-1)).toEqual(["D", "C"]);
    await model.applyBatch({ puts: [confirmed(patientRow("E"))] });
    await expect.poll(() => seen.at(-1)).toEqual(["E", "D"]);
    stop();
  });

  test("the maps answer before the reactive layer is loaded, and hand over without a difference", async () => {
    const model = new ReadModel();
    models.push(model);
    const filters = [
      { where: { familyName: { gte: "B" } }, sort: { by: "familyName", descending: true }, limit: 3 },
      { where: { familyName: { in: ["A", "E"] } }, sort: "familyName" },
      { where: { sex: { not: "male" }, active: true } },
      { sort: "birthDate", limit: 4 },
    ] as const;
    const seen = filters.map(() => [] as string[][]);
    filters.forEach((filter, index) => {
      model.watch("patient", filter, (rows) => seen[index]?.push(rows.map(({ familyName }) => familyName)));
    });
    await model.applyBatch({ puts: ["A", "B", "C", "D", "E"].map((name) => confirmed(patientRow(name))) });
    const early = seen.map((lists) => lists.at(-1));
    expect(early[0]).toEqual(["E", "D", "C"]);
    expect(early[1]).toEqual(["A", "E"]);
    const counts = seen.map((lists) => lists.length);
    await model.attach();
    await expect.poll(() => seen.every((lists, index) => lists.length > counts[index]!)).toBe(true);
    expect(seen.map((lists) => lists.at(-1))).toEqual(early);
  });

  test("what a filter names by id or patient is said at once, and is the same object until it changes", async () => {
    const model = await openModel();
    const rows = Array.from({ length: 1200 }, (_, i) => patientRow(`P${i}`));
    await model.applyBatch({ puts: rows.map((row) => confirmed(row)) });
    const filter = { where: { id: rows[7]!.id } };
    const [first] = model.glance("patient", filter) ?? [];
    expect(first).toEqual(rows[7]);
    const shown: unknown[] = [];
    const stop = model.watch("patient", filter, ([row]) => shown.push(row));
    await expect.poll(() => shown.at(-1)).toBe(first);
    const changed = { ...rows[7]!, phone: "555" };
    await model.applyBatch({ puts: [confirmed(changed)] });
    await expect.poll(() => shown.at(-1)).toMatchObject({ phone: "555" });
    expect(model.glance("patient", filter)?.[0]).toBe(shown.at(-1));
    stop();
    // Looking at all of them would hold up the frame: the indexed layer answers that.
    expect(model.glance("patient", { where: { familyName: "P7" } })).toBeNull();
    expect(await model.find("patient", { where: { familyName: "P7" } })).toEqual([
      { ...rows[7]!, phone: "555" },
    ]);
    expect(model.knows(rows[7]!.id)).toBe(true);
    await model.purge(new Set(["k1"]));
    expect(model.glance("patient", filter)).toEqual([]);
    expect(model.knows(rows[7]!.id)).toBe(false);
  });

  test("what was purged is nowhere in memory any more", async () => {
    const model = await openModel();
    const marker = ["Purge", "marker"].join("-");
    // A string in one piece, as one that was read from the disk: pieces would not be found in the heap.
    const row = () => patientRow(Buffer.from(`${marker}-${newId()}`).toString());
    await model.applyBatch({ puts: [confirmed(row(), "gone")] });
    const shown: number[] = [];
    const stop = model.watch("patient", { sort: "familyName" }, (rows) => shown.push(rows.length));
    await expect.poll(() => shown.at(-1)).toBe(1);
    stop();
    expect(await inHeap(marker)).toBe(true);
    await model.purge(new Set(["gone"]));
    expect(await inHeap(marker)).toBe(false);
  }, 60_000);
});

/** Whether some string in this process holds the marker in a longer word. */
async function inHeap(marker: string): Promise<boolean> {
  let rest = "";
  for await (const chunk of getHeapSnapshot()) {
    const text = rest + String(chunk);
    if (text.includes(`${marker}-0`)) return true;
    rest = text.slice(-100);
  }
  return false;
}
