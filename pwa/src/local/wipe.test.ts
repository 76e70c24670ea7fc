import type { DBCore } from "dexie";
import { describe, expect, test, vi } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { newId } from "#domain/kernel/id.ts";
import { settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PASSWORD, PIN, rawDisk, type Tablet, until } from "./testing/tablet.ts";
import { WipingClinic } from "./testing/wiping-clinic.ts";

const clientOf = (clinic: WipingClinic) => [...clinic.clients.values()][0]!;
const wiped = ({ local }: Tablet) =>
  until(local.session, ({ state, wipe }) => state === "wiped" && wipe !== null);
const done = ({ local }: Tablet) => until(local.session, ({ wipe }) => wipe?.done === true);

/** A tablet with a chart on it, Today's block, an acknowledged change, a refused one and one that waits. */
async function atWork(clinic: WipingClinic) {
  const chart = newId();
  clinic.scope.push(streams.chart(chart));
  clinic.put("patient", "demographics", patientRow("Markerson", chart));
  clinic.put("note", streams.chart(chart), { id: newId(), patientId: chart, text: "Markernote" });
  const tablet = await unlockedAt(clinic);
  const { local } = tablet;
  local.openChart(chart);
  await local.mutate("patient.register", registration("Markersent"));
  await settled(tablet);
  clinic.refuse = () => "slot_taken";
  await local.mutate("patient.register", registration("Markerrefused"));
  await settled(tablet);
  clinic.refuse = () => null;
  local.keptWords()!.put("clinician message", { text: "Markerhalf" });
  await local.keptWords()!.save();
  clinic.network = "down";
  await local.mutate("patient.register", registration("Markerwaits"));
  await settled(tablet);
  expect(await tablet.database.rows.count()).toBeGreaterThan(0);
  return tablet;
}

const markers = ["Markerson", "Markernote", "Markersent", "Markerrefused", "Markerwaits", "Markerhalf", PIN];

describe("a tablet that the clinic wipes", () => {
  test("goes dark at the live word, delivers what waits and what was refused, and is a new tablet then", async () => {
    const clinic = new WipingClinic();
    const tablet = await atWork(clinic);
    const before = await tablet.database.device.get("this");
    clinic.network = "up";
    await until({ get: () => clinic.listening, subscribe: () => () => {} }, (count) => count > 0);
    clinic.network = "down"; // nothing more is pushed before the word comes
    clinic.wipe = "asked";
    clinic.say();
    await wiped(tablet);
    expect(tablet.local.session.get()).toMatchObject({ user: null, users: [] });
    expect(() => tablet.local.rows("patient", {}).get().rows).not.toThrow();
    expect(tablet.local.rows("patient", {}).get().rows).toEqual([]);
    await expect(tablet.local.mutate("patient.register", registration("Late"))).rejects.toThrow();
    await vi.waitFor(async () => expect(await tablet.database.rows.count()).toBe(0));
    await until(tablet.local.toDeliver, (left) => left?.changes === 2);
    for (const table of ["users", "streams", "hot", "kept", "cursors", "results"])
      expect(await tablet.database.table(table).count(), table).toBe(0);
    expect((await tablet.database.device.get("this"))?.secret).toHaveLength(0);
    await expect(tablet.local.session.unlock(PIN)).rejects.toThrow();
    clinic.network = "up";
    await tablet.local.syncNow();
    await done(tablet);
    expect(clinic.told).toEqual([2, 0]);
    expect([...clientOf(clinic).results.values()].map(({ status }) => status)).toEqual([
      "applied", // the chart that was opened
      "applied",
      "conflict",
      "quarantined",
    ]);
    const after = await tablet.database.device.get("this");
    expect(after?.id).not.toBe(before?.id);
    for (const table of tablet.database.tables)
      expect(await table.count(), table.name).toBe(table.name === "device" ? 1 : 0);
    await tablet.local.session.startAnew();
    expect(tablet.local.session.get().state).toBe("signed-out");
    clinic.wipe = "no";
    await tablet.local.session.signIn({ username: "ana", password: PASSWORD });
    await tablet.local.session.setPin(PIN);
    expect(tablet.local.session.get().state).toBe("unlocked");
  });

  test.each([
    ["while it is locked and has nothing to send", false, "lock"],
    ["while it is locked and has work to send", true, "lock"],
    ["at a sign-in", false, "sign-in"],
    ["at a refresh", false, "refresh"],
  ] as const)("learns of it %s", async (_case, waits, how) => {
    const clinic = new WipingClinic();
    const tablet = await unlockedAt(clinic);
    if (waits) {
      clinic.network = "down";
      await tablet.local.mutate("patient.register", registration("Waits"));
    }
    clinic.wipe = "asked";
    clinic.network = "down";
    if (how !== "refresh") await tablet.local.session.lock();
    clinic.network = "up";
    if (how === "sign-in") {
      await tablet.local.session.switchUser(null);
      await tablet.local.session.signIn({ username: "ana", password: PASSWORD }).catch(() => {});
    } else await tablet.local.syncNow();
    await done(tablet);
    expect(clinic.told).toEqual(waits ? [1, 0] : [0]);
    expect(clientOf(clinic).lastN).toBe(waits ? 1 : 0);
  });

  test("has no word on its disk at any moment, and nothing that a PIN opens", async () => {
    const clinic = new WipingClinic();
    const tablet = await atWork(clinic);
    clinic.wipe = "asked";
    clinic.network = "up";
    await tablet.local.syncNow();
    await wiped(tablet);
    const disk = await rawDisk(tablet.database);
    for (const marker of markers) expect(disk, marker).not.toContain(marker);
    await done(tablet);
    const rest = await rawDisk(tablet.database);
    expect(rest.length).toBeLessThan(2000);
    for (const marker of [...markers, "Ana Trial", clinic.user.id])
      expect(rest, marker).not.toContain(marker);
  });

  test("gives back what it had sent to a clinic that lost it, before that is deleted", async () => {
    const clinic = new WipingClinic();
    const tablet = await unlockedAt(clinic);
    for (const name of ["Sent", "Too"]) await tablet.local.mutate("patient.register", registration(name));
    await settled(tablet);
    clinic.network = "down";
    await tablet.local.mutate("patient.register", registration("Waits"));
    expect(await tablet.database.sent.count()).toBe(2);
    Object.assign(clientOf(clinic), { lastN: 1 });
    for (const n of [1, 2]) clientOf(clinic).results.delete(n);
    Object.assign(clinic, { restored: true, epoch: newId(), wipe: "asked", network: "up" });
    await tablet.local.syncNow();
    await done(tablet);
    expect([...clientOf(clinic).results].map(([n, { status }]) => [n, status])).toEqual([
      [2, "quarantined"],
      [3, "quarantined"],
    ]);
    const delivery = clinic.requests.find(({ path }) => path === "/api/sync/deliver");
    expect(delivery?.body).toMatchObject({ givenBack: { from: 2 } });
  });

  test("keeps a word that was being typed, as far as it can be sealed", async () => {
    const clinic = new WipingClinic();
    const tablet = await unlockedAt(clinic);
    clinic.network = "down";
    const save = vi.fn(async () => {
      await tablet.local.mutate("patient.register", registration("Typed"));
    });
    tablet.local.typing(save);
    clinic.wipe = "asked";
    clinic.network = "up";
    await tablet.local.syncNow();
    await done(tablet);
    expect(save).toHaveBeenCalledOnce();
    expect(clientOf(clinic).lastN).toBe(1);
  });
});

describe("sound on a tablet that is wiped", () => {
  const recordingAt = async (clinic: WipingClinic) => {
    const sent: string[] = [];
    let clinicTakes = false;
    const tablet = await unlockedAt(clinic, {
      send: async (frames, { id, authorize }) => {
        if (!clinicTakes) throw new Error("no network");
        expect(await authorize("POST", "https://clinic.test/api/recordings")).toMatch(/^Device /);
        expect(frames.size).toBeGreaterThan(0);
        sent.push(id);
      },
    });
    const visit = { encounterId: newId(), patientId: newId(), consent: { by: "patient" } } as const;
    const { recordingId } = await tablet.local.recorder.begin(visit);
    tablet.microphone.say("Markervoice", 4);
    await vi.waitFor(async () => expect(await tablet.database.chunks.count()).toBe(1));
    return { tablet, sent, recordingId, take: () => (clinicTakes = true) };
  };

  test("is stopped, stays sealed without its author's keys, and goes before the tablet is done", async () => {
    const clinic = new WipingClinic();
    const { tablet, sent, recordingId, take } = await recordingAt(clinic);
    clinic.wipe = "asked";
    await tablet.local.syncNow();
    await wiped(tablet);
    expect(tablet.microphone.events).toBeNull();
    await until(tablet.local.toDeliver, (left) => left?.changes === 0 && left.recordings === 1);
    const [kept] = await tablet.database.recordings.toArray();
    expect(kept).toMatchObject({ id: recordingId, keyLocal: { ct: new Uint8Array(0) } });
    expect(kept?.visit.ct).toHaveLength(0);
    expect(await rawDisk(tablet.database)).not.toContain("Markervoice");
    // The clinic heard of its beginning and of its end, sealed before the keys went.
    expect(clientOf(clinic).lastN).toBe(2);
    expect(tablet.local.session.get().wipe?.done).toBe(false);
    take();
    await tablet.local.syncNow();
    await done(tablet);
    expect(sent).toEqual([`${recordingId}.0`]);
    expect(await tablet.database.chunks.count()).toBe(0);
  });

  test("that the clinic has goes at once", async () => {
    const clinic = new WipingClinic();
    const { tablet, take } = await recordingAt(clinic);
    take();
    clinic.network = "down"; // nothing is pushed, so that the wipe finds it complete and sent
    await tablet.local.recorder.stop();
    await tablet.database.recordings.toCollection().modify((record) => {
      for (const part of record.parts) Object.assign(part, { uploaded: true });
    });
    clinic.wipe = "asked";
    clinic.network = "up";
    await tablet.local.syncNow();
    await done(tablet);
    expect(await tablet.database.recordings.count()).toBe(0);
  });
});

/** Cuts the power before the write with this number, counted from now. @returns whether it came to that */
function cutPower({ database }: Tablet, at: number): { readonly cut: boolean; forget(): void } {
  let writes = 0;
  const power = { cut: false, forget: () => database.unuse({ stack: "dbcore", name: "power" }) };
  database.use({
    stack: "dbcore",
    name: "power",
    create: (core: DBCore): DBCore => ({
      ...core,
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          mutate: (request) => {
            power.cut ||= ++writes > at;
            return power.cut ? Promise.reject(new Error("no power")) : table.mutate(request);
          },
        };
      },
    }),
  });
  return power;
}

describe("a wipe that the power cuts short", () => {
  test("goes on at the next start, wherever it stood", async () => {
    let cuts = 0;
    for (let at = 0; ; at++) {
      const clinic = new WipingClinic();
      const tablet = await atWork(clinic);
      tablet.database.close({ disableAutoOpen: false });
      const power = cutPower(tablet, at);
      await tablet.database.open();
      clinic.wipe = "asked";
      clinic.network = "up";
      await tablet.local.syncNow();
      await Promise.race([
        done(tablet),
        vi.waitFor(() => expect(power.cut).toBe(true), { timeout: 10_000, interval: 5 }),
      ]);
      await tablet.crash();
      if (power.cut) cuts++;
      const next = await tabletAt(clinic, { name: tablet.name });
      const { state } = next.local.session.get();
      // Either nothing was done, and it hears of it at the first contact; or nobody's PIN opens anything.
      expect(["locked", "wiped"]).toContain(state);
      if (state === "wiped") expect(await next.database.users.count()).toBe(0);
      const disk = await rawDisk(next.database);
      for (const marker of markers) expect(disk, `${marker} after ${at}`).not.toContain(marker);
      await done(next);
      expect(clientOf(clinic).results.get(4), `after ${at}`).toMatchObject({ status: "quarantined" });
      expect(await next.database.outbox.count()).toBe(0);
      await next.local.close();
      if (!power.cut) break;
    }
    expect(cuts).toBeGreaterThan(8);
  }, 120_000);
});
