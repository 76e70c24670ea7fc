import { describe, expect, test } from "vitest";
import { canonical, sha256Hex } from "#domain/kernel/canonical.ts";
import { newId } from "#domain/kernel/id.ts";
import { envelopeSchema, firstPrevHash } from "#domain/sync/envelope.ts";
import { mutationHash, mutationSchema } from "#domain/sync/protocol.ts";
import { FakeClinic } from "../local/testing/fake-clinic.ts";
import { registration } from "../local/testing/people.ts";
import { signInFresh, startTablet } from "../local/testing/tablet.ts";

async function twoWaiting() {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  clinic.network = "down";
  await tablet.local.mutate("patient.register", registration("Markerson"));
  await tablet.local.mutate("patient.register", registration("Second"));
  const [first, second] = await tablet.database.outbox.toArray();
  await tablet.local.close();
  if (!first || !second) throw new Error("nothing waits");
  return { clinic, first: first.envelope, second: second.envelope };
}

describe("outbox envelope v1", () => {
  test("has exactly the frozen shape and opens with the server's key alone", async () => {
    const { clinic, first } = await twoWaiting();
    expect(envelopeSchema.parse(first)).toEqual(first);
    const mutation = mutationSchema.parse(await clinic.openEnvelope(first));
    expect(mutation).toMatchObject({ n: 1, name: "patient.register", args: { familyName: "Markerson" } });
    expect(mutation.hash).toBe(mutationHash(mutation));
    expect(mutation.tz).toBe("America/New_York");
  });

  test("each chains to the text before it", async () => {
    const { clinic, first, second } = await twoWaiting();
    expect(first.prevHash).toBe(firstPrevHash);
    expect(second.prevHash).toBe(sha256Hex(canonical(await clinic.openEnvelope(first))));
  });

  test.each([
    ["n", 7],
    ["at", "2027-01-01T00:00:00.000Z"],
    ["prevHash", "f".repeat(64)],
    ["device", newId()],
  ])("a changed %s breaks the signature", async (name, value) => {
    const { clinic, first } = await twoWaiting();
    await expect(clinic.openEnvelope({ ...first, [name]: value })).rejects.toThrow("invalid_signature");
  });

  test("says nothing about what was entered", async () => {
    const { first } = await twoWaiting();
    expect(JSON.stringify(first)).not.toContain("Markerson");
    expect(JSON.stringify(first)).not.toContain("patient.register");
  });
});
