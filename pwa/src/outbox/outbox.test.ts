import { expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { emptyContent, noteIdOf } from "#domain/note/index.ts";
import { envelopeSchema } from "#domain/sync/envelope.ts";
import { FakeClinic } from "../local/testing/fake-clinic.ts";
import { registration } from "../local/testing/people.ts";
import { PIN, signInFresh, startTablet, until } from "../local/testing/tablet.ts";
import { runsOf } from "../note/note-text.ts";

const half = "\ud83d";

test("half an emoji or a NUL in what was typed is replaced; everything else is saved and arrives", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.mutate("patient.register", registration(`Smi${half}th\u0000 😀`));
  await tablet.local.syncNow();
  expect([...clinic.rows.values()].map(({ data }) => data.familyName)).toEqual(["Smi\ufffdth\ufffd 😀"]);
  await tablet.local.close();
});

test("the note's words leave the editor well formed, a whole pair across two pieces stays whole", () => {
  const typed = (...texts: string[]) =>
    runsOf({
      type: "doc",
      content: [{ type: "paragraph", content: texts.map((text) => ({ type: "text", text })) }],
    });
  expect(typed(`cough ${half}`)).toEqual([{ text: "cough \ufffd", origin: "typed" }]);
  expect(typed(half, "\ude00")).toEqual([{ text: "😀", origin: "typed" }]);
});

test("fifty revisions of a long note go in several requests, none larger than the clinic takes", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.syncNow();
  clinic.network = "down";
  const encounterId = newId();
  const pasted = { text: "x".repeat(20_000), origin: "typed" as const };
  for (let count = 1; count <= 12; count++)
    await tablet.local.mutate("note.revise", {
      id: noteIdOf(encounterId),
      encounterId,
      patientId: newId(),
      revisionId: newId(),
      base: null,
      content: { ...emptyContent(), subjective: Array(30).fill(pasted) },
      changed: ["subjective"],
    });
  const sizes = () =>
    clinic.requests
      .filter(({ path }) => path === "/api/sync/push" || path === "/api/sync/deliver")
      .map(({ body }) => JSON.stringify(body).length)
      .filter((size) => size > 100_000);
  const before = sizes().length;
  clinic.network = "up";
  await tablet.local.syncNow();
  await until(tablet.local.outbox, (items) => items.every(({ status }) => status !== "waiting"));
  expect(sizes().length - before).toBeGreaterThan(1);
  expect(Math.max(...sizes())).toBeLessThan(5_000_000);
  await tablet.local.close();
});

test("one person's work that the clinic refuses whole holds up nobody else's", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  clinic.network = "down";
  await tablet.local.mutate("patient.register", registration("Kept"));
  const [mine] = await tablet.database.outbox.toArray();
  // Another person's entry, first in line, which the clinic cannot verify.
  const clientId = "00000000-0000-4000-8000-000000000000";
  const forged = { ...mine!, clientId, envelope: { ...mine!.envelope, clientId } };
  await tablet.database.outbox.put(forged);
  clinic.refuseClient = clientId;
  await tablet.local.session.lock();
  clinic.network = "up";
  await tablet.local.syncNow();
  await until(tablet.local.connection, () => clinic.rows.size === 1);
  await tablet.local.session.unlock(PIN);
  await tablet.local.close();
});

test("what is larger than the clinic takes is not saved, and holds up nothing that is written after it", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  clinic.network = "down";
  const encounterId = newId();
  const revise = (runs: number) => {
    const pasted = Array(runs).fill({ text: "x".repeat(20_000), origin: "typed" });
    return tablet.local.mutate("note.revise", {
      id: noteIdOf(encounterId),
      encounterId,
      patientId: newId(),
      revisionId: newId(),
      base: null,
      content: { ...emptyContent(), subjective: pasted },
      changed: ["subjective"],
    });
  };
  await expect(revise(150)).rejects.toMatchObject({ code: "not_saved" });
  await revise(149);
  await tablet.local.mutate("patient.register", registration("After"));
  const entries = await tablet.database.outbox.toArray();
  expect(entries).toHaveLength(2);
  for (const { envelope } of entries) expect(() => envelopeSchema.parse(envelope)).not.toThrow();
  await tablet.local.close();
});
