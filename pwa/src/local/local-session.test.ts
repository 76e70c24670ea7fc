import { describe, expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { createTabLock } from "../session/tab-lock.ts";
import { LocalError } from "./local-error.ts";
import { atTheEnd, families, playClock, settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PASSWORD, PIN, type Tablet, until } from "./testing/tablet.ts";

describe("signing in and unlocking", () => {
  test("the first sign-in asks for a PIN, then shows the clinic's rows", async () => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const { local } = await tabletAt(clinic);
    expect(local.session.get().state).toBe("signed-out");
    await local.session.signIn({ username: "Ana", password: PASSWORD });
    expect(local.session.get().state).toBe("set-pin");
    await local.session.setPin(PIN);
    expect(local.session.get()).toMatchObject({ state: "unlocked", user: { name: "Ana Trial" } });
    const filter = { where: { familyName: "Lopez" } } as const;
    await until(local.rows("patient", filter), ({ rows, ready }) => ready && rows.length === 1);
    await until(local.connection, ({ state }) => state === "saved");
  });

  test("a wrong password is the clinic's refusal, not a missing network", async () => {
    const { local } = await tabletAt(new FakeClinic());
    await expect(local.session.signIn({ username: "ana", password: "wrong" })).rejects.toMatchObject({
      code: "wrong_credentials",
    });
    expect(local.session.get().state).toBe("signed-out");
  });

  test("the PIN opens everything again with the clinic away", async () => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const first = await unlockedAt(clinic);
    await first.crash();
    clinic.network = "down";
    const { local } = await tabletAt(clinic, { name: first.name });
    expect(local.session.get().state).toBe("locked");
    expect(local.session.get().user?.name).toBe("Ana Trial");
    await local.session.unlock(PIN);
    expect(local.session.get().state).toBe("unlocked");
    await until(local.rows("patient", {}), ({ rows, ready }) => ready && rows.length === 1);
    expect(local.connection.get().state).toBe("offline");
  });

  test.each([
    ["a lock", ({ local }: Tablet) => local.session.lock()],
    ["a sign-out", ({ local }: Tablet) => local.session.signOut()],
    ["another person", ({ local }: Tablet) => local.session.switchUser(null)],
    ["another tab", (_: Tablet, other: Tablet) => other.local.session.useHere()],
  ])("words that are only on the screen are saved before %s takes the keys", async (_what, leave) => {
    const clinic = new FakeClinic();
    const tabs = { tab: createTabLock(navigator.locks, newId()) };
    const first = await unlockedAt(clinic, tabs);
    const other = await tabletAt(clinic, { ...tabs, name: first.name });
    clinic.network = "down";
    const saved = first.local.typing(async () => {
      await first.local.mutate("patient.register", registration("Typed"));
      saved();
    });
    expect(first.local.connection.get().typing).toBe(true);
    await leave(first, other);
    expect(first.local.connection.get().typing).toBe(false);
    expect(await other.database.outbox.count()).toBe(1);
  });

  test("a tab that takes over delivers what waits before anybody unlocks it", async () => {
    const clinic = new FakeClinic();
    const tabs = { tab: createTabLock(navigator.locks, newId()) };
    const first = await unlockedAt(clinic, tabs);
    const other = await tabletAt(clinic, { ...tabs, name: first.name });
    clinic.network = "down";
    await first.local.mutate("patient.register", registration("Waits"));
    await other.local.session.useHere();
    clinic.network = "up";
    expect(other.local.session.get().state).toBe("locked");
    await expect.poll(() => clinic.rows.size, { timeout: 10_000 }).toBe(1);
  });

  test("a disk that takes no words keeps nobody from locking", async () => {
    const first = await unlockedAt(new FakeClinic());
    first.local.typing(() => Promise.reject(new LocalError("not_saved")));
    await first.local.session.lock();
    expect(first.local.session.get().state).toBe("locked");
  });

  test("before the clinic has told everything once, nothing is called empty; what is on the disk needs no clinic", async () => {
    const clinic = new FakeClinic();
    const first = await tabletAt(clinic);
    await first.local.session.signIn({ username: "Ana", password: PASSWORD });
    clinic.network = "down";
    await first.local.session.setPin(PIN);
    await until(first.local.awaiting, (awaiting) => awaiting);
    await first.local.syncNow();
    expect(first.local.awaiting.get()).toBe(true);
    expect(first.local.rows("patient", {}).get()).toEqual({ rows: [], ready: false });
    clinic.network = "up";
    await first.local.syncNow();
    await until(first.local.rows("patient", {}), ({ rows, ready }) => ready && rows.length === 0);
    expect(first.local.awaiting.get()).toBe(false);
    await first.crash();
    clinic.network = "down";
    const { local } = await tabletAt(clinic, { name: first.name });
    await local.session.unlock(PIN);
    await until(local.rows("patient", {}), ({ ready }) => ready);
    expect(local.awaiting.get()).toBe(false);
  });

  test("five wrong PINs make it wait 30 s, also after a restart; the right one opens afterwards", async () => {
    const clock = playClock();
    const clinic = new FakeClinic();
    const first = await unlockedAt(clinic);
    await first.local.session.lock();
    for (let i = 0; i < 5; i++)
      await expect(first.local.session.unlock("wrong-pin!")).rejects.toMatchObject({ code: "wrong_pin" });
    await first.crash();
    const { local } = await tabletAt(clinic, { name: first.name });
    const refusal = { code: "pin_wait", retryAt: clock.now() + 30_000 };
    await expect(local.session.unlock(PIN)).rejects.toMatchObject(refusal);
    expect(local.session.get()).toMatchObject({ wrongPins: 5, pinWaitUntil: clock.now() + 30_000 });
    clock.pass(30_001);
    await local.session.unlock(PIN);
    expect(local.session.get()).toMatchObject({ state: "unlocked", wrongPins: 0, pinWaitUntil: null });
  });

  test("a clock that is set back by a year makes nobody wait for a year", async () => {
    const clock = playClock();
    const tablet = await unlockedAt(new FakeClinic());
    const { session } = tablet.local;
    await session.lock();
    for (let i = 0; i < 5; i++) await session.unlock("wrong-pin!").catch(() => {});
    clock.pass(-365 * 86_400_000);
    await expect(session.unlock(PIN)).rejects.toMatchObject({
      code: "pin_wait",
      retryAt: clock.now() + 30_000,
    });
    clock.pass(30_001);
    await session.unlock(PIN);
    expect(session.get().state).toBe("unlocked");
  });

  test("locking empties what screens hold and refuses to write", async () => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const tablet = await unlockedAt(clinic);
    const rows = families(tablet);
    atTheEnd(rows.subscribe(() => {}));
    await until(rows, ({ rows }) => rows.length === 1);
    await tablet.local.session.lock();
    expect(rows.get()).toEqual({ rows: [], ready: false });
    await expect(tablet.local.mutate("patient.register", registration("No"))).rejects.toMatchObject({
      code: "locked",
    });
  });

  test("offline time over: nothing is shown, capture saves, the clinic's answer opens again", async () => {
    const clock = playClock();
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const tablet = await unlockedAt(clinic);
    await tablet.local.session.lock();
    clinic.network = "down";
    clock.pass(25 * 3_600_000);
    await tablet.local.session.unlock(PIN);
    expect(tablet.local.session.get().state).toBe("expired");
    const rows = families(tablet);
    atTheEnd(rows.subscribe(() => {}));
    expect(rows.get().rows).toEqual([]);
    await tablet.local.mutate("patient.register", registration("Captured"));
    expect(await tablet.database.outbox.count()).toBe(1);
    clinic.network = "up";
    await settled(tablet);
    expect(tablet.local.session.get().state).toBe("unlocked");
    await until(rows, ({ rows }) => rows.map(({ familyName }) => familyName).join() === "Captured,Lopez");
  });

  test("a clock set back gives no offline time back", async () => {
    const clock = playClock();
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    await local.session.lock();
    clinic.network = "down";
    clock.pass(23 * 3_600_000);
    await local.session.unlock(PIN);
    await settled(tablet);
    clock.pass(90_000);
    await settled(tablet); // the latest time is remembered
    await local.session.lock();
    clock.pass(2 * 3_600_000);
    await local.session.unlock(PIN);
    expect(local.session.get().state).toBe("expired");
    await settled(tablet);
    await local.session.lock();
    clock.pass(-20 * 3_600_000);
    await local.session.unlock(PIN);
    expect(local.session.get().state).toBe("expired");
  });

  test("a session ended by the clinic asks for the password and loses nothing", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    clinic.sessionEnded = true;
    await tablet.local.mutate("patient.register", registration("Kept"));
    await until(tablet.local.session, ({ state }) => state === "reauth");
    expect(await tablet.database.outbox.count()).toBe(1);
    await tablet.local.session.signIn({ username: "ana", password: PASSWORD });
    expect(tablet.local.session.get().state).toBe("unlocked");
    await settled(tablet);
    expect([...clinic.rows.values()].map(({ data }) => data.familyName)).toEqual(["Kept"]);
  });

  test("an access that has ended goes dark at once, also for the PIN, and what was written is still delivered", async () => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const first = await unlockedAt(clinic);
    clinic.network = "down";
    await first.local.mutate("patient.register", registration("Kept"));
    clinic.accessEnded = true;
    clinic.network = "up";
    await until(first.local.session, ({ state }) => state === "expired");
    expect(first.local.session.get()).toMatchObject({ accessEnded: true, emergencyLeft: 0 });
    expect(first.local.rows("patient", {}).get().rows).toEqual([]);
    await expect.poll(() => clinic.rows.size, { timeout: 20_000 }).toBe(2);
    await first.crash();
    clinic.network = "down";
    const { local } = await tabletAt(clinic, { name: first.name });
    await local.session.unlock(PIN);
    expect(local.session.get()).toMatchObject({ state: "expired", accessEnded: true });
    await expect(local.session.beginEmergency(PIN, "somebody collapsed")).rejects.toMatchObject({
      code: "no_emergency",
    });
    clinic.network = "up";
    await local.session.signIn({ username: "ana", password: PASSWORD });
    expect(local.session.get()).toMatchObject({ state: "unlocked", accessEnded: false });
  });

  test("a forgotten PIN: new keys, rows come again, unsent work is still delivered", async () => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const tablet = await unlockedAt(clinic);
    clinic.network = "down";
    await tablet.local.mutate("patient.register", registration("Unsent"));
    await tablet.local.session.lock();
    await tablet.local.session.forgetPin();
    clinic.network = "up";
    await tablet.local.session.signIn({ username: "ana", password: PASSWORD });
    expect(tablet.local.session.get().state).toBe("set-pin");
    await tablet.local.syncNow(); // the device delivers what nobody can open any more
    await until(tablet.local.session, () => clinic.rows.size === 2);
    await tablet.local.session.setPin("brand-new-pin");
    await settled(tablet);
    await until(families(tablet), ({ rows }) => rows.length === 2);
  });

  test("a copied profile: the queue goes on, every change is said to wait for review, a new PIN starts anew", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    const [client] = clinic.clients.values();
    // The copy was faster: the clinic has another change under this number.
    Object.assign(client!, { lastN: 1 }).results.set(1, {
      n: 1,
      status: "applied",
      seq: 1,
      hash: "0".repeat(64),
    });
    await local.mutate("patient.register", registration("First"));
    await local.mutate("patient.register", registration("Second"));
    await until(
      local.outbox,
      (items) => items.length === 2 && items.every(({ status }) => status === "refused"),
    );
    expect(local.outbox.get().map(({ code }) => code)).toEqual(["client_fork", "client_fork"]);
    expect(clinic.rows.size).toBe(0);
    await local.session.forgetPin();
    await local.session.signIn({ username: "ana", password: PASSWORD });
    await local.session.setPin("brand-new-pin");
    await local.mutate("patient.register", registration("Third"));
    await settled(tablet);
    expect([...clinic.rows.values()].map(({ data }) => data.familyName)).toEqual(["Third"]);
  });
});
