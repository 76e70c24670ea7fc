import { expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { settled, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { registration } from "./testing/people.ts";
import { PASSWORD, PIN, type Tablet } from "./testing/tablet.ts";

async function forgetsPin({ local }: Tablet, clinic: FakeClinic) {
  await local.session.lock();
  await local.session.forgetPin();
  clinic.network = "up";
  await local.session.signIn({ username: "ana", password: PASSWORD });
  await new Promise((resolve) => setTimeout(resolve, 300)); // a person takes longer to think of one
  await local.session.setPin("brand-new-pin");
}

interface Delivery {
  readonly envelopes: readonly { readonly n: number }[];
  readonly keysGone?: true;
}

/** Numbers of what was delivered as work that nobody on the tablet can open. */
const leftToClinic = (clinic: FakeClinic) =>
  clinic.requests
    .filter(({ path }) => path === "/api/sync/deliver")
    .map(({ body }) => body as Delivery)
    .flatMap(({ envelopes, keysGone }) => (keysGone ? envelopes.map(({ n }) => n) : []));

const left = ({ database }: Tablet) => database.outbox.count();

test("after a forgotten PIN the clinic keeps what it had refused before: nobody here can decide about it", async () => {
  const clinic = new FakeClinic();
  clinic.refuse = () => "already_exists";
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Refused"));
  await settled(tablet);
  expect(tablet.local.outbox.get()).toMatchObject([{ status: "refused" }]);
  await forgetsPin(tablet, clinic);
  await expect.poll(() => left(tablet), { timeout: 10_000 }).toBe(0);
  expect(leftToClinic(clinic)).toEqual([1]);
  expect(await tablet.database.sent.count()).toBe(1); // in case the clinic is restored
  await settled(tablet);
  expect(leftToClinic(clinic)).toEqual([1]);
});

test("after a forgotten PIN the clinic keeps what it refuses then", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  clinic.network = "down";
  await tablet.local.mutate("patient.register", registration("Unsent"));
  clinic.refuse = () => "already_exists";
  await forgetsPin(tablet, clinic);
  await expect.poll(() => left(tablet), { timeout: 10_000 }).toBe(0);
  expect(leftToClinic(clinic)).toEqual(expect.arrayContaining([1]));
});

test("after a forgotten PIN a clinic that knows nothing of that work any more gets it back", async () => {
  const clinic = new FakeClinic();
  const tablet = await unlockedAt(clinic);
  await tablet.local.mutate("patient.register", registration("Acknowledged"));
  await settled(tablet);
  // A backup from before this tablet was there.
  clinic.clients.clear();
  clinic.rows.clear();
  clinic.epoch = newId();
  clinic.sessionEnded = true;
  await forgetsPin(tablet, clinic);
  await settled(tablet);
  const families = () => [...clinic.rows.values()].map(({ data }) => data.familyName);
  await expect.poll(families, { timeout: 15_000 }).toEqual(["Acknowledged"]);
});

test("who has remembered the PIN decides about it as ever", async () => {
  const clinic = new FakeClinic();
  clinic.refuse = () => "already_exists";
  const tablet = await unlockedAt(clinic);
  const { local } = tablet;
  await local.mutate("patient.register", registration("Refused"));
  await settled(tablet);
  await local.session.lock();
  await local.session.forgetPin();
  await local.session.signIn({ username: "ana", password: PASSWORD });
  await local.syncNow();
  await local.session.switchUser(clinic.user.id);
  await local.session.unlock(PIN);
  await settled(tablet);
  expect(local.outbox.get()).toMatchObject([{ status: "refused" }]);
  expect(leftToClinic(clinic)).toEqual([]);
});
