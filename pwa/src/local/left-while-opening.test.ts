import { describe, expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { createTabLock } from "../session/tab-lock.ts";
import { settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PASSWORD, PIN, quickDerive, type Tablet, until } from "./testing/tablet.ts";

/** A step that somebody slow is in the middle of: `reached` says that it began, `goOn` lets it end. */
function slowStep() {
  const { promise: begun, resolve: reached } = Promise.withResolvers<void>();
  const { promise: ended, resolve: goOn } = Promise.withResolvers<void>();
  const pass = async () => {
    reached();
    await ended;
  };
  return { begun, pass, goOn };
}

/** The next time that half-typed words are read from the disk, which is a part of opening, it takes until `goOn`. */
function slowOpening({ database }: Tablet) {
  const step = slowStep();
  const { kept } = database;
  const read = kept.toArray.bind(kept);
  Object.assign(kept, {
    toArray: async () => {
      Object.assign(kept, { toArray: read });
      await step.pass();
      return read();
    },
  });
  return step;
}

/** Two tabs of one browser, of which the first takes until `goOn` for its next PIN. */
async function twoTabs(clinic: FakeClinic) {
  const step = slowStep();
  let slow = false;
  const tabs = { tab: createTabLock(navigator.locks, newId()) };
  const first = await unlockedAt(clinic, {
    ...tabs,
    derive: async (...pin) => {
      if (slow) await step.pass();
      return quickDerive(...pin);
    },
  });
  const other = await tabletAt(clinic, { ...tabs, name: first.name });
  slow = true;
  return { first, other, ...step };
}

describe("whoever leaves while the records are being opened finds the door closed", () => {
  test.each([
    ["locks", ({ local }: Tablet) => local.session.lock(), "locked"],
    ["chooses somebody else", ({ local }: Tablet) => local.session.switchUser(null), "signed-out"],
    ["signs out", ({ local }: Tablet) => local.session.signOut(), "signed-out"],
  ])("somebody who %s", async (_how, leave, state) => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    await local.session.lock();
    const { begun, goOn } = slowOpening(tablet);
    const unlocking = local.session.unlock(PIN);
    await begun;
    await leave(tablet);
    goOn();
    await expect(unlocking).rejects.toMatchObject({ code: "locked" });
    expect(local.session.get().state).toBe(state);
    expect(local.replica()).toBeNull();
    await local.session.switchUser(clinic.user.id);
    await local.session.unlock(PIN);
    expect(local.session.get().state).toBe("unlocked");
    await settled(tablet);
  });

  test("what the first one was slow to open does not come between the second one and their records", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    const ana = clinic.user.id;
    await local.session.signOut();
    clinic.user = { ...clinic.user, id: newId(), name: "Ben Trial" };
    await local.session.signIn({ username: "ben", password: PASSWORD });
    await local.session.setPin(PIN);
    await settled(tablet);
    const ben = clinic.user.id;
    await local.session.switchUser(ana);
    const { begun, goOn } = slowOpening(tablet);
    const unlocking = local.session.unlock(PIN);
    await begun;
    await local.session.switchUser(ben);
    await local.session.unlock(PIN);
    goOn();
    await expect(unlocking).rejects.toMatchObject({ code: "locked" });
    expect(local.session.get()).toMatchObject({ state: "unlocked", user: { id: ben } });
    await local.mutate("patient.register", registration("By Ben"));
    const [entry] = await tablet.database.outbox.toArray();
    expect(entry).toMatchObject({ user: ben });
    await settled(tablet);
  });
});

test("an answer that is still being written for one person decides nothing for the next", async () => {
  const clinic = new FakeClinic();
  clinic.refuse = () => "forbidden";
  const tablet = await unlockedAt(clinic);
  const { local, database } = tablet;
  const ana = clinic.user.id;
  await local.mutate("patient.register", registration("Words of Ana"));
  await settled(tablet);
  await local.session.signOut();
  clinic.user = { ...clinic.user, id: newId(), name: "Ben Trial" };
  await local.session.signIn({ username: "ben", password: PASSWORD });
  await local.session.setPin(PIN);
  await settled(tablet);
  const { begun, pass, goOn } = slowStep();
  const transaction = database.transaction.bind(database) as (...given: unknown[]) => Promise<unknown>;
  Object.assign(database, {
    transaction: async (...given: unknown[]) => {
      if (given[1] === database.results) await pass();
      return transaction(...given);
    },
  });
  local.openChart(newId()); // a report: its refusal is of no interest to anybody here
  await begun;
  await local.session.switchUser(ana);
  const unlocking = local.session.unlock(PIN);
  await until(local.session, ({ user }) => user?.id === ana);
  await new Promise((resolve) => setTimeout(resolve, 100)); // her keys are here, and wait for his cycle to end
  goOn();
  await unlocking;
  expect(local.outbox.get()).toMatchObject([{ name: "patient.register", status: "refused" }]);
  await settled(tablet);
});

describe("a tab that another one took over opens nothing any more", () => {
  test("when the right PIN was given before", async () => {
    const { first, other, begun, goOn } = await twoTabs(new FakeClinic());
    await first.local.session.lock();
    const unlocking = first.local.session.unlock(PIN);
    await begun;
    await other.local.session.useHere();
    goOn();
    await unlocking;
    expect(first.local.session.get().state).toBe("elsewhere");
    await other.local.session.unlock(PIN);
    expect(other.local.session.get().state).toBe("unlocked");
    await settled(other);
  });

  test("when a new PIN was chosen before: the old one opens the other tab", async () => {
    const { first, other, begun, goOn } = await twoTabs(new FakeClinic());
    await first.local.session.lock();
    await first.local.session.forgetPin();
    await first.local.session.signIn({ username: "ana", password: PASSWORD });
    const choosing = first.local.session.setPin("brand-new-pin");
    await begun;
    await other.local.session.useHere();
    goOn();
    await expect(choosing).rejects.toMatchObject({ code: "locked" });
    expect(first.local.session.get().state).toBe("elsewhere");
    await other.local.session.unlock(PIN);
    expect(other.local.session.get().state).toBe("unlocked");
    await settled(other);
  });

  test("when the password was given before", async () => {
    const clinic = new FakeClinic();
    const step = slowStep();
    const tabs = { tab: createTabLock(navigator.locks, newId()) };
    const first = await tabletAt(clinic, {
      ...tabs,
      fetch: async (...asked) => {
        const answer = await clinic.fetch(...asked);
        await step.pass();
        return answer;
      },
    });
    const other = await tabletAt(clinic, { ...tabs, name: first.name });
    const signingIn = first.local.session.signIn({ username: "ana", password: PASSWORD });
    await step.begun;
    await other.local.session.useHere();
    step.goOn();
    await signingIn;
    expect(first.local.session.get().state).toBe("elsewhere");
  });
});
