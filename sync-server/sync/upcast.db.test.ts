import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import * as z from "zod";
import { defineMutation, type Mutation, type Row } from "#domain/collection.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema, newId } from "#domain/kernel/id.ts";
import { addDays } from "#domain/kernel/instant.ts";
import { type FoundMutation, mutations } from "#domain/registry.ts";
import { type Room, roomSchema } from "#domain/room/index.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { OpenedItem, ReviewItem } from "#domain/sync/review-items.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { deviceProof, envelope, signInTablet } from "../testing/test-tablet.ts";

let practice: TestPractice;
let admin: TestSession;
let n = 0;

const today = () => instantNow().slice(0, 10);
const name = "room.add";
const before = mutations.get(name)!;

/**
 * `room.add` as it might look in a later release: what is called `name` now was called `title` first and `label` then. The
 * first form ended long ago, the second one last week.
 */
const later = (): FoundMutation => ({
  ...before,
  mutation: defineMutation({
    v: 3,
    earlier: {
      1: {
        until: addDays(today(), -121),
        upcast: ({ title, ...rest }) => ({ ...rest, label: title }),
      },
      2: { until: addDays(today(), -7), upcast: ({ label, ...rest }) => ({ ...rest, name: label }) },
    },
    args: roomSchema.omit({ active: true }),
    permission: "directory:write",
    audit: "room.created",
    apply: (view: Room | undefined, args) => view ?? { ...args, active: true },
  }) as unknown as Mutation<Row, Row>,
});

const registry = mutations as Map<string, FoundMutation>;
beforeEach(() => void registry.set(name, later()));
afterEach(() => void registry.set(name, before));
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const written = (v: number, args: Record<string, unknown>): PushedMutation =>
  mutation(admin, ++n, name, args as never, { v });
const signIn = async () => {
  admin = await practice.signIn("admin");
  n = 0;
};
const rooms = (id: unknown) => practice.owner("select name, active from room where id = $1", [id]);

it("of last week is carried out as this release would write it, under the hash it was written with", async () => {
  await signIn();
  const old = written(2, { id: newId(), label: "Exam 9" });
  const { results } = await practice.push(admin, [old, written(3, { id: newId(), name: "Exam 10" })]);
  expect(results.map(({ status }) => status)).toEqual(["applied", "applied"]);
  expect(await rooms(old.args.id)).toEqual([{ name: "Exam 9", active: true }]);
  const [kept] = await practice.owner(
    "select encode(body_hash, 'hex') as hash from sync_mutation where mutation_id = $1",
    [old.id],
  );
  expect(kept).toEqual({ hash: old.hash });
  // The same again, as after a lost answer.
  expect((await practice.push(admin, [old])).results).toMatchObject([{ n: 1, status: "applied" }]);
  const [record] = (await practice.audit()).filter(({ resource }) => resource?.id === old.args.id);
  expect(record).toMatchObject({ action: "room.created", changed: ["name"] });
});

it("is read like that from an envelope, too", async () => {
  const tablet = await signInTablet(practice, "admin");
  const old = mutation(tablet.session, 1, name, { id: newId(), label: "Exam 11" } as never, { v: 2 });
  const path = "/api/sync/deliver";
  const { body } = await practice.request<{ results: { status: string }[] }>(
    await deviceProof(practice, tablet, "POST", path),
    "POST",
    path,
    { envelopes: [await envelope(tablet, old)] },
  );
  expect(body.results).toMatchObject([{ n: 1, status: "applied" }]);
  expect(await rooms(old.args.id)).toEqual([{ name: "Exam 11", active: true }]);
});

it("that ended more than 120 days ago waits for review; whoever reads it there can take it over", async () => {
  await signIn();
  const old = written(1, { id: newId(), title: "Exam 12" });
  const { results } = await practice.push(admin, [old, written(3, { id: newId(), name: "Exam 13" })]);
  expect(results).toMatchObject([
    { n: 1, status: "quarantined", code: "version_too_old" },
    { n: 2, status: "applied" },
  ]);
  expect(await rooms(old.args.id)).toEqual([]);
  const item = await onlyItem("version_too_old");
  expect(await open(item)).toMatchObject({ args: { id: old.args.id, name: "Exam 12" }, unread: [] });
});

it("that nobody can read any more keeps its words for whoever enters it again", async () => {
  await signIn();
  registry.set(name, { ...later(), mutation: { ...later().mutation, earlier: {} } });
  const old = written(1, { id: newId(), title: "Exam 14", notes: ["by the window"] });
  const { results } = await practice.push(admin, [old]);
  expect(results).toMatchObject([{ status: "quarantined", code: "version_too_old" }]);
  const item = await onlyItem("version_too_old");
  expect(await open(item)).toMatchObject({ args: null, unread: ["by the window", "Exam 14"] });
});

it("of a later release than the clinic's stays in the queue, with what follows it, until the clinic is updated", async () => {
  await signIn();
  const queue = [
    written(3, { id: newId(), name: "Exam 15" }),
    written(4, { id: newId(), name: "Exam 16", colour: "blue" }),
    written(3, { id: newId(), name: "Exam 17" }),
  ];
  for (const _ of [1, 2])
    expect(await practice.push(admin, queue)).toMatchObject({
      lastN: 1,
      results: [{ n: 1, status: "applied" }],
      waits: { n: 2, code: "version_too_new" },
    });
  const schema = roomSchema.omit({ active: true }).extend({ colour: z.string() });
  registry.set(name, {
    ...later(),
    mutation: defineMutation({
      v: 4,
      earlier: { 3: { until: today(), upcast: (args) => ({ ...args, colour: "" }) } },
      args: schema,
      permission: "directory:write",
      audit: "room.created",
      apply: (view: Room | undefined, { colour: _, ...args }) => view ?? { ...args, active: true },
    }) as unknown as Mutation<Row, Row>,
  });
  const after = await practice.push(admin, queue);
  expect(after).toMatchObject({
    lastN: 3,
    results: [{ n: 1 }, { status: "applied" }, { status: "applied" }],
  });
  expect(after.waits).toBeUndefined();
});

it("is judged by its author's rights like any other, whatever its version", async () => {
  const desk = await practice.signIn("frontdesk");
  const push = (v: number, args: object) =>
    practice.push(desk, [mutation(desk, v, name, { id: newId(), ...args } as never, { v })]);
  expect((await push(1, { title: "Exam 17" })).results).toMatchObject([{ code: "forbidden" }]);
  expect((await push(2, { label: "Exam 17" })).results).toMatchObject([{ code: "forbidden" }]);
});

const reviewer = () => practice.signIn("clinician");

async function onlyItem(reason: ReviewItem["reason"]): Promise<ReviewItem> {
  const { body } = await practice.request<{ items: ReviewItem[] }>(
    await reviewer(),
    "GET",
    "/api/quarantine",
  );
  const found = body.items.filter((item) => item.reason === reason && item.decision === null);
  return found.at(-1)!;
}

const open = async ({ id }: ReviewItem): Promise<OpenedItem> =>
  (await practice.request<OpenedItem>(await reviewer(), "GET", `/api/quarantine/${idSchema.parse(id)}`)).body;
