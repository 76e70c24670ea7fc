import { describe, expect, test } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { newId } from "#domain/kernel/id.ts";
import { families, settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { registration } from "./testing/people.ts";
import { PASSWORD, PIN, until } from "./testing/tablet.ts";

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

  test("a refusal that became a task at the clinic leaves the queue when that task is here, and not before", async () => {
    const clinic = new FakeClinic();
    const taskId = newId();
    clinic.refuse = ({ args }) => (args.familyName === "Lost" ? "slot_taken" : null);
    clinic.refusalDetail = { nearest: [], callBack: taskId };
    clinic.scope = [...clinic.scope, streams.tasks("front-desk", "administrative")];
    const tablet = await unlockedAt(clinic);
    await tablet.local.mutate("patient.register", registration("Lost"));
    await settled(tablet);
    expect(tablet.local.outbox.get()).toMatchObject([{ status: "refused", detail: { callBack: taskId } }]);
    clinic.put("task", streams.tasks("front-desk", "administrative"), { id: taskId, status: "open" });
    await settled(tablet);
    expect(tablet.local.outbox.get()).toEqual([]);
    expect(tablet.local.connection.get()).toMatchObject({ state: "saved", attention: 0 });
    expect(await tablet.database.outbox.count()).toBe(0);
  });

  test("a change names the version its author looked at, also when it is sent again", async () => {
    const clinic = new FakeClinic();
    const bases: (number | null)[] = [];
    clinic.refuse = ({ name, base }) => {
      if (name !== "patient.update") return null;
      bases.push(base);
      return bases.length === 1 ? "forbidden" : null;
    };
    const tablet = await unlockedAt(clinic);
    const { local } = tablet;
    const id = newId();
    await local.mutate("patient.register", registration("Seen", id));
    await settled(tablet);
    await until(families(tablet), ({ rows }) => rows.length === 1 && local.version("patient", id) === 1);
    await local.mutate("patient.update", { id, phone: "1" });
    await settled(tablet);
    await local.mutate("patient.markDeceased", { id, deceasedOn: null });
    await settled(tablet);
    await expect.poll(() => local.version("patient", id)).toBe(2);
    await local.outbox.sendAgain(2);
    await local.mutate("patient.update", { id, phone: "2" }, 1);
    await local.mutate("patient.update", { id, phone: "3" });
    await settled(tablet);
    expect(bases).toEqual([1, 1, 1, expect.any(Number)]);
    expect(bases[3]).toBeGreaterThan(1);
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

  test("after the session ended the device delivers in its own name what the person may no longer push", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    clinic.sessionEnded = true;
    await tablet.local.mutate("patient.register", registration("Delivered"));
    await until(tablet.local.session, ({ state }) => state === "reauth");
    await tablet.local.syncNow();
    await until(tablet.local.outbox, (items) => items.length === 0);
    expect([...clinic.rows.values()].map(({ data }) => data.familyName)).toEqual(["Delivered"]);
    expect(await tablet.database.outbox.count()).toBe(1); // kept until its row has come
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
      client.streams.clear();
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
