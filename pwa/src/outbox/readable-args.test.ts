import { afterEach, expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { type FoundMutation, mutations } from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { type Local, provideLocal } from "#pwa/local/index.ts";
import { writeAgain } from "./readable-args.ts";

const registry = mutations as Map<string, FoundMutation>;
const present = mutations.get("appointment.cancel")!;
afterEach(() => void registry.set("appointment.cancel", present));

const written = (args: object) =>
  ({
    name: "appointment.cancel",
    v: 1,
    base: 3,
    args: { id: newId(), ...args },
  }) as unknown as PushedMutation;

/** What is written on this tablet from now on. */
function recorded(): unknown[] {
  const all: unknown[] = [];
  const mutate = async (...change: unknown[]) => ({ n: all.push(change) });
  provideLocal({ mutate } as unknown as Local);
  return all;
}

test("what an earlier release wrote is written again as this one writes it", async () => {
  const upcast = ({ old, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, cancelReason: old });
  const earlier = { 1: { until: "2027-01-01", upcast } };
  registry.set("appointment.cancel", { ...present, mutation: { ...present.mutation, v: 2, earlier } });
  const all = recorded();
  const mutation = written({ old: "Came twice" });
  await writeAgain(mutation);
  expect(all).toEqual([["appointment.cancel", { id: mutation.args.id, cancelReason: "Came twice" }, 3]]);
});

test("what this release cannot read is not changed", async () => {
  registry.set("appointment.cancel", { ...present, mutation: { ...present.mutation, v: 2 } });
  const all = recorded();
  const mutation = written({ old: "Came twice" });
  await writeAgain(mutation);
  expect(all).toEqual([["appointment.cancel", mutation.args, 3]]);
});
