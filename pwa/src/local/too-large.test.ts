import { expect, test, vi } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { type Envelope, MOST_SEALED, TOO_LARGE } from "#domain/sync/envelope.ts";
import { MAX_PUSH_BYTES, type PushedMutation } from "#domain/sync/protocol.ts";
import { settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { registration } from "./testing/people.ts";
import { PIN } from "./testing/tablet.ts";

// As if an earlier release had queued more than one request holds: far less than that is quicker to seal.
vi.mock("#domain/sync/protocol.ts", async (original) => ({
  ...(await original<typeof import("#domain/sync/protocol.ts")>()),
  MAX_PUSH_BYTES: 2000,
}));

/** A clinic that takes no larger request than it says. */
class StrictClinic extends FakeClinic {
  readonly given: PushedMutation[][] = [];
  override refuse = ({ name }: PushedMutation) => (name === TOO_LARGE ? "payload_too_large" : null);
  readonly strict: typeof fetch = async (input, init) => {
    if (String(input).includes("/api/sync/push")) {
      const { mutations } = JSON.parse(String(init?.body)) as { mutations: PushedMutation[] };
      this.given.push(mutations);
      if (mutations.some((one) => JSON.stringify(one).length > MAX_PUSH_BYTES))
        return new Response(JSON.stringify({ status: 413, code: "payload_too_large", title: "too large" }), {
          status: 413,
          headers: { "content-type": "application/problem+json" },
        });
    }
    return this.fetch(input, init);
  };
}

test("a change that no request holds is refused and kept with its words, and what is behind it goes on", async () => {
  const clinic = new StrictClinic();
  const options = { fetch: clinic.strict };
  const tablet = await unlockedAt(clinic, options);
  clinic.network = "down";
  const contacts = Array.from({ length: 10 }, () => ({
    kind: "proxy" as const,
    name: "N".repeat(100),
    relation: "R",
    phone: "",
    mayBeTold: "nothing" as const,
  }));
  const ids = [newId(), newId()];
  await tablet.local.mutate("patient.register", registration("First", ids[0]!));
  await tablet.local.mutate("patient.register", { ...registration("Large"), contacts });
  await tablet.local.mutate("patient.register", registration("Behind", ids[1]!));
  clinic.network = "up";
  await settled(tablet);
  for (const id of ids) expect(clinic.rows.has(`patient|${id}`)).toBe(true);
  expect(clinic.rows.size).toBe(2);
  const [item, ...others] = tablet.local.outbox.get();
  expect(others).toEqual([]);
  expect(item).toMatchObject({
    name: "patient.register",
    status: "refused",
    code: "payload_too_large",
    args: { familyName: "Large", contacts },
  });
  expect(tablet.local.connection.get().attention).toBe(1);
  // The words are still there after the power went.
  await tablet.crash();
  const again = await tabletAt(clinic, { name: tablet.name, ...options });
  await again.local.session.unlock(PIN);
  expect(again.local.outbox.get()).toMatchObject([{ status: "refused", args: { contacts } }]);
});

test("what was written before it is delivered while its author is locked out, and no request is refused for it", async () => {
  const clinic = new StrictClinic();
  const tablet = await unlockedAt(clinic, { fetch: clinic.strict });
  clinic.network = "down";
  const id = newId();
  await tablet.local.mutate("patient.register", registration("Before", id));
  await tablet.local.mutate("patient.register", registration("Large"));
  const [, large] = await tablet.database.outbox.toArray();
  const ct = "A".repeat(MOST_SEALED + 1);
  await tablet.database.outbox.put({ ...large!, envelope: { ...large!.envelope, ct } });
  await tablet.local.session.lock();
  clinic.network = "up";
  await vi.waitFor(() => expect(clinic.rows.has(`patient|${id}`)).toBe(true), { timeout: 20_000 });
  for (let i = 0; i < 2; i++) await settled(tablet);
  await new Promise((resolve) => setTimeout(resolve, 200)); // the next delivery begins at once after an answer
  const numbers = clinic.requests
    .filter(({ path }) => path === "/api/sync/deliver")
    .flatMap(({ body }) => (body as { envelopes: Envelope[] }).envelopes.map(({ n }) => n));
  expect(numbers).toEqual([1]);
});
