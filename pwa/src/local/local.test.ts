import { afterEach, describe, expect, test } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { movableClock, patientRow, registration } from "./testing/people.ts";
import { PASSWORD, PIN, rawDisk, signInFresh, startTablet, type Tablet, until } from "./testing/tablet.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

async function tabletAt(clinic: FakeClinic, options: Parameters<typeof startTablet>[1] = {}) {
  const tablet = await startTablet(clinic, options);
  cleanup.push(() => tablet.local.close());
  return tablet;
}

async function unlockedAt(clinic: FakeClinic, options: Parameters<typeof startTablet>[1] = {}) {
  const tablet = await tabletAt(clinic, options);
  await signInFresh(tablet);
  await settled(tablet);
  return tablet;
}

/** Reads done, queue pushed, log pulled. */
async function settled({ local }: Tablet) {
  await local.syncNow();
  await local.syncNow();
}

function playClock() {
  const clock = movableClock();
  cleanup.push(useClock({ now: clock.now }));
  return clock;
}

const families = (tablet: Tablet) => tablet.local.rows("patient", { sort: "familyName" });

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

  test("locking empties what screens hold and refuses to write", async () => {
    const clinic = new FakeClinic();
    clinic.put("patient", "demographics", patientRow("Lopez"));
    const tablet = await unlockedAt(clinic);
    const rows = families(tablet);
    cleanup.push(rows.subscribe(() => {}));
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
    cleanup.push(rows.subscribe(() => {}));
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
});

describe("work that waits", () => {
  test("a change shows at once, waits offline, and reaches the clinic", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    clinic.network = "down";
    const id = newId();
    await local.mutate("patient.register", registration("Offline", id));
    await until(local.row("patient", id), ({ row, mark }) => row !== undefined && mark === "on-this-tablet");
    await until(local.connection, ({ state, waiting }) => state === "offline" && waiting === 1);
    expect(local.outbox.get()).toMatchObject([{ name: "patient.register", rowId: id, status: "waiting" }]);
    clinic.network = "up";
    await settled(tablet);
    expect(clinic.rows.get(`patient|${id}`)?.data).toMatchObject({ familyName: "Offline" });
    await until(local.row("patient", id), ({ mark }) => mark === "at-the-clinic");
    expect(await tablet.database.outbox.count()).toBe(0);
    expect(await tablet.database.sent.count()).toBe(1);
  });

  test("a lost answer neither loses nor doubles (F01)", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    clinic.loseAnswer = "/api/sync/push";
    await tablet.local.mutate("patient.register", registration("Once"));
    await settled(tablet);
    await settled(tablet);
    const client = [...clinic.clients.values()][0];
    expect(client?.lastN).toBe(1);
    expect(tablet.local.outbox.get()).toEqual([]);
    expect([...clinic.rows.values()].map(({ version }) => version)).toEqual([1]);
  });

  test.each(["before the push", "after the push", "after the page"])(
    "power lost %s: the words are still there after it and arrive once (F08)",
    async (moment) => {
      const clinic = new FakeClinic();
      const first = await unlockedAt(clinic);
      if (moment === "before the push") clinic.network = "down";
      if (moment === "after the push") clinic.loseAnswer = "/api/sync/push";
      const id = newId();
      await first.local.mutate("patient.register", registration("Survivor", id));
      if (moment === "after the page") await settled(first);
      await first.crash();
      clinic.network = "up";
      const second = await tabletAt(clinic, { name: first.name });
      await second.local.session.unlock(PIN);
      await until(second.local.row("patient", id), ({ row }) => row?.familyName === "Survivor");
      await settled(second);
      expect(clinic.rows.get(`patient|${id}`)).toMatchObject({ version: 1 });
      await until(second.local.row("patient", id), ({ mark }) => mark === "at-the-clinic");
    },
  );

  test("a refused change keeps its words, leaves the view, and blocks nothing", async () => {
    const clinic = new FakeClinic();
    clinic.refuse = ({ args }) => (args.familyName === "Twice" ? "already_exists" : null);
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    const refused = newId();
    await local.mutate("patient.register", registration("Twice", refused));
    await local.mutate("patient.register", registration("After"));
    await settled(tablet);
    expect(local.outbox.get()).toMatchObject([
      { rowId: refused, status: "refused", code: "already_exists", args: { familyName: "Twice" } },
    ]);
    expect(local.mark(refused)).toBe("refused");
    expect(local.connection.get()).toMatchObject({ state: "attention", attention: 1, waiting: 0 });
    await until(families(tablet), ({ rows }) => rows.map(({ familyName }) => familyName).join() === "After");

    await tablet.crash();
    const again = await tabletAt(clinic, { name: tablet.name });
    await again.local.session.unlock(PIN);
    expect(again.local.outbox.get()).toMatchObject([{ code: "already_exists", detail: { nearest: [] } }]);
    clinic.refuse = () => null;
    await again.local.outbox.sendAgain(1);
    await settled(again);
    expect(again.local.outbox.get()).toEqual([]);
    await until(families(again), ({ rows }) => rows.length === 2);
  });

  test("a disk that refuses says so, and the number is not used up", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const fail = () => {
      throw new DOMException("disk full", "QuotaExceededError");
    };
    tablet.database.outbox.hook("creating", fail);
    await expect(tablet.local.mutate("patient.register", registration("Lost?"))).rejects.toMatchObject({
      code: "not_saved",
    });
    tablet.database.outbox.hook("creating").unsubscribe(fail);
    expect(tablet.local.outbox.get()).toEqual([]);
    expect(await tablet.local.mutate("patient.register", registration("Saved"))).toEqual({ n: 1 });
  });

  test("a lost IndexedDB connection is opened again (F09)", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    clinic.network = "down";
    tablet.database.close({ disableAutoOpen: true });
    await tablet.local.mutate("patient.register", registration("Reopened"));
    expect(await tablet.database.outbox.count()).toBe(1);
  });

  test("while locked the device delivers sealed work, signed and in order", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    clinic.network = "down";
    await tablet.local.mutate("patient.register", registration("First"));
    await tablet.local.mutate("patient.register", registration("Second"));
    await tablet.local.session.lock();
    clinic.network = "up";
    await tablet.local.syncNow();
    await until(tablet.local.connection, () => clinic.rows.size === 2);
    const delivered = clinic.requests.filter(({ path }) => path === "/api/sync/deliver");
    expect(delivered.length).toBeGreaterThan(0);
    expect(JSON.stringify(delivered)).not.toContain("First");
    await tablet.local.session.unlock(PIN);
    await settled(tablet);
    expect(tablet.local.outbox.get()).toEqual([]);
    expect([...clinic.rows.values()].map(({ version }) => version)).toEqual([1, 1]);
  });

  test("a hotel's login page is not the clinic (F06)", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    clinic.network = "captive";
    await tablet.local.mutate("patient.register", registration("Traveller"));
    await settled(tablet);
    expect(tablet.local.connection.get()).toMatchObject({ state: "offline", waiting: 1 });
    expect(tablet.local.session.get().state).toBe("unlocked");
    await expect(tablet.local.session.signIn({ username: "ana", password: PASSWORD })).rejects.toMatchObject({
      code: "offline",
    });
  });

  test("after a restore of the clinic everything is fetched again and acknowledged work is sent once more (F16)", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    await tablet.local.mutate("patient.register", registration("Backed-up"));
    await settled(tablet);
    await tablet.local.mutate("patient.register", registration("Missed"));
    await settled(tablet);
    // The backup holds the first change only.
    for (const [key, { data }] of clinic.rows) if (data.familyName === "Missed") clinic.rows.delete(key);
    for (const client of clinic.clients.values()) {
      client.lastN = 1;
      client.results.delete(2);
      client.generations.clear();
    }
    clinic.epoch = newId();
    await settled(tablet);
    await settled(tablet);
    expect([...clinic.rows.values()].map(({ data }) => data.familyName).sort()).toEqual([
      "Backed-up",
      "Missed",
    ]);
    await until(families(tablet), ({ rows }) => rows.length === 2);
    expect(tablet.local.outbox.get()).toEqual([]);
  });
});

describe("what lies on the disk", () => {
  test("no word of a person can be found in it (I13)", async () => {
    const clinic = new FakeClinic();
    const id = newId();
    clinic.scope.push(streams.chart(id));
    clinic.put("patient", "demographics", patientRow("Markerson", id));
    clinic.put("note", streams.chart(id), { id: newId(), patientId: id, text: "Markernote" });
    const tablet = await unlockedAt(clinic);
    tablet.local.openChart(id);
    clinic.network = "down";
    await tablet.local.mutate("patient.register", registration("Markerwait"));
    await settled(tablet);
    const disk = await rawDisk(tablet.database);
    expect(disk.length).toBeGreaterThan(1000);
    for (const marker of [
      "Markerson",
      "Markernote",
      "Markerwait",
      "1961-03-09",
      id,
      "demographics",
      "true",
      PIN,
    ])
      expect(disk, marker).not.toContain(marker);
    // The search would find it if it were there.
    await tablet.database.hot.put({
      user: "x",
      iv: new TextEncoder().encode("Markerson"),
      ct: new Uint8Array(1),
    });
    expect(await rawDisk(tablet.database)).toContain("Markerson");
  });

  test("a stream that leaves the scope goes from disk and memory with its key (I4)", async () => {
    const clinic = new FakeClinic();
    const id = newId();
    const chart = streams.chart(id);
    clinic.scope.push(chart);
    const noteId = newId();
    clinic.put("note", chart, { id: noteId, patientId: id, encounterId: newId(), status: "draft" });
    const tablet = await unlockedAt(clinic);
    const notes = tablet.local.rows("note", {});
    cleanup.push(notes.subscribe(() => {}));
    await until(notes, ({ rows }) => rows.length === 1);
    expect(tablet.local.chartPresence(id).get()).toBe("on-this-tablet");
    const before = await tablet.database.streams.toArray();
    clinic.scope = clinic.scope.filter((stream) => stream !== chart);
    clinic.seq++;
    await settled(tablet);
    expect(notes.get().rows).toEqual([]);
    expect(tablet.local.chartPresence(id).get()).toBe("not-on-this-tablet");
    const after = await tablet.database.streams.toArray();
    expect(after.length).toBe(before.length - 1);
    const kids = new Set(after.map(({ kid }) => kid));
    expect((await tablet.database.rows.toArray()).every(({ kid }) => kids.has(kid))).toBe(true);
  });

  test("rows and position are one: a page that fails leaves neither", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const cursorBefore = await tablet.database.cursors.toArray();
    clinic.put("patient", "demographics", patientRow("Torn"));
    const fail = () => {
      throw new DOMException("aborted", "AbortError");
    };
    tablet.database.cursors.hook("updating", fail);
    await settled(tablet);
    expect(await tablet.database.rows.count()).toBe(0);
    expect(await tablet.database.cursors.toArray()).toEqual(cursorBefore);
    await until(families(tablet), ({ rows }) => rows.length === 0);
    tablet.database.cursors.hook("updating").unsubscribe(fail);
    await settled(tablet);
    expect(await tablet.database.rows.count()).toBe(1);
    await until(families(tablet), ({ rows }) => rows.length === 1);
  });

  test("a row removed at the clinic goes here too", async () => {
    const clinic = new FakeClinic();
    const row = patientRow("Gone");
    clinic.put("patient", "demographics", row);
    const tablet = await unlockedAt(clinic);
    await until(families(tablet), ({ rows }) => rows.length === 1);
    clinic.remove("patient", row.id);
    await settled(tablet);
    await until(families(tablet), ({ rows }) => rows.length === 0);
    expect(await tablet.database.rows.count()).toBe(0);
  });
});
