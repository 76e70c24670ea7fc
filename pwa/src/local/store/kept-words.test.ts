import { beforeEach, describe, expect, test, vi } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { newSigningPair } from "../keys/device-identity.ts";
import { createKeyring, type Keyring } from "../keys/keyring.ts";
import { newKdfParameters } from "../keys/pin.ts";
import { playClock, settled, tabletAt, unlockedAt } from "../testing/at-work.ts";
import { FakeClinic } from "../testing/fake-clinic.ts";
import { PASSWORD, PIN, quickDerive, rawDisk, signInFresh } from "../testing/tablet.ts";
import { LocalDatabase } from "./database.ts";
import { KeptWords } from "./kept-words.ts";

const place = "clinician message";
const quiet = { onLeave: () => () => {}, onUnsaved: () => () => {} };
const full = () => {
  throw new DOMException("disk full", "QuotaExceededError");
};

async function person(): Promise<Keyring> {
  const options = { pin: PIN, secret: new Uint8Array(32), pair: await newSigningPair(), derive: quickDerive };
  const { keyring } = await createKeyring({ userId: newId(), ...options, kdf: newKdfParameters(64, 1) });
  return keyring;
}

describe("the block on the disk", () => {
  let database: LocalDatabase;
  beforeEach(() => {
    database = new LocalDatabase(`kept-${newId()}`);
    return () => database.close();
  });
  const open = (keyring: Keyring) => KeptWords.open(database, keyring, quiet);

  test("is sealed, and opens for nobody else", async () => {
    const [ana, ben] = [await person(), await person()];
    const words = await open(ana);
    words.put(place, { text: "Markerhalf" });
    await words.save();
    words.close();
    expect(await database.kept.count()).toBe(1);
    expect(await rawDisk(database)).not.toContain("Markerhalf");
    expect(await rawDisk(database)).not.toContain("message");
    expect((await open(ben)).find(place)).toBeUndefined();
    expect((await open(ana)).find(place)?.fields).toEqual({ text: "Markerhalf" });
    // Her block under his name does not open either.
    const block = (await database.kept.get(ana.userId))!;
    await database.kept.put({ ...block, user: ben.userId });
    expect((await open(ben)).find(place)).toBeUndefined();
  });

  test("holds each form by itself, and goes when the last one is done", async () => {
    const ana = await person();
    const words = await open(ana);
    words.put(place, { text: "one" });
    words.put("clinician task", { title: "two" });
    words.drop(place);
    await words.save();
    const again = await open(ana);
    expect(again.find(place)).toBeUndefined();
    expect(again.find("clinician task")?.fields).toEqual({ title: "two" });
    again.drop("clinician task");
    await again.save();
    expect(await database.kept.count()).toBe(0);
  });

  test("is there after the weekend and gone a day later, also of somebody who does not come back", async () => {
    const clock = playClock();
    const [ana, ben] = [await person(), await person()];
    const words = await open(ana);
    words.put(place, { text: "Friday" });
    await words.save();
    clock.pass(70 * 3_600_000);
    expect((await open(ana)).find(place)?.fields).toEqual({ text: "Friday" });
    clock.pass(3 * 3_600_000);
    expect(words.find(place)).toBeUndefined();
    await open(ben);
    expect(await database.kept.count()).toBe(0);
  });

  const dead = { "back in 1970": "1970-01-01T00:03:00Z", "far ahead": "2099-05-05T05:00:00Z" };
  test.each(Object.entries(dead))(
    "typed while the clock was %s is there when it is right",
    async (_, when) => {
      const clock = playClock();
      const right = now();
      const [ana, ben] = [await person(), await person()];
      clock.pass(Date.parse(when) - right);
      const words = await open(ana);
      words.put(place, { text: "dead clock" });
      await words.save();
      clock.pass(right - Date.parse(when));
      // It was put right while the form is open, and somebody else takes the tablet first.
      expect(words.find(place)).toMatchObject({ fields: { text: "dead clock" } });
      await open(ben);
      expect((await open(ana)).find(place)?.fields).toEqual({ text: "dead clock" });
      // From now on the time counts: they do not stay for ever.
      await (await open(ana)).save();
      clock.pass(73 * 3_600_000);
      await open(ben);
      expect(await database.kept.count()).toBe(0);
    },
  );

  test.each(Object.entries(dead))("are not thrown away while the clock is %s", async (_, when) => {
    const clock = playClock();
    const right = now();
    const [ana, ben] = [await person(), await person()];
    const words = await open(ana);
    words.put(place, { text: "right clock" });
    await words.save();
    words.close();
    clock.pass(Date.parse(when) - right);
    await open(ben);
    expect((await open(ana)).find(place)?.fields).toEqual({ text: "right clock" });
    clock.pass(right - Date.parse(when));
    expect((await open(ana)).find(place)?.fields).toEqual({ text: "right clock" });
  });

  test("of a disk without room: it is said, the words wait in memory for the same person, and are written later", async () => {
    const [ana, ben] = [await person(), await person()];
    const unsaved = vi.fn(() => said);
    const said = vi.fn();
    const words = await KeptWords.open(database, ana, { onLeave: () => () => {}, onUnsaved: unsaved });
    database.kept.hook("creating", full);
    words.put(place, { text: "no room" });
    await expect(words.save()).rejects.toMatchObject({ code: "not_saved" });
    expect(unsaved).toHaveBeenCalledOnce();
    words.close();
    expect(said).toHaveBeenCalledOnce();
    database.kept.hook("creating").unsubscribe(full);
    expect((await open(ben)).find(place)).toBeUndefined();
    const again = await open(ana);
    expect(again.find(place)?.fields).toEqual({ text: "no room" });
    await again.save();
    expect(await database.kept.count()).toBe(1);
  });
});

describe("on a tablet", () => {
  const typed = { text: "Markerhalf" };

  test("a lock saves what was typed a moment ago, and the PIN brings it back, also after a reload", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    tablet.local.keptWords()!.put(place, typed);
    await tablet.local.session.lock();
    expect(tablet.local.keptWords()).toBeNull();
    expect(await rawDisk(tablet.database)).not.toContain("Markerhalf");
    await tablet.local.session.unlock(PIN);
    expect(tablet.local.keptWords()!.find(place)?.fields).toEqual(typed);
    await tablet.crash();
    const again = await tabletAt(clinic, { name: tablet.name });
    await again.local.session.unlock(PIN);
    expect(again.local.keptWords()!.find(place)?.fields).toEqual(typed);
  });

  test("a crash takes no more than the last second", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    const words = tablet.local.keptWords()!;
    // Somebody who never pauses: every key comes before the disk has had its turn.
    for (let key = 1; key <= 15; key++) {
      words.put(place, { text: "x".repeat(key) });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(tablet.local.connection.get().typing).toBe(false);
    await tablet.crash();
    const again = await tabletAt(clinic, { name: tablet.name });
    await again.local.session.unlock(PIN);
    const { text = "" } = (again.local.keptWords()!.find(place)?.fields ?? {}) as { text?: string };
    expect(text.length).toBeGreaterThan(5);
  });

  test("signing out leaves nothing of it", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    tablet.local.keptWords()!.put(place, typed);
    await tablet.local.keptWords()!.save();
    expect(await tablet.database.kept.count()).toBe(1);
    await tablet.local.session.signOut();
    expect(await tablet.database.kept.count()).toBe(0);
    await tablet.local.session.signIn({ username: "ana", password: PASSWORD });
    await tablet.local.session.unlock(PIN);
    expect(tablet.local.keptWords()!.find(place)).toBeUndefined();
  });

  test("a forgotten PIN takes it along: nobody can open it any more", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic);
    tablet.local.keptWords()!.put(place, typed);
    await tablet.local.session.lock();
    await tablet.local.session.forgetPin();
    await signInFresh(tablet);
    expect(await tablet.database.kept.count()).toBe(0);
    expect(tablet.local.keptWords()!.find(place)).toBeUndefined();
  });

  test("a chart that leaves the scope takes words about its patient along, and no others (I4)", async () => {
    const clinic = new FakeClinic();
    const [patientId, other] = [newId(), newId()];
    clinic.scope.push(streams.chart(patientId), streams.chart(other));
    const tablet = await unlockedAt(clinic);
    const words = tablet.local.keptWords()!;
    words.put(`clinician allergy ${patientId}`, { note: "rash" });
    words.put(place, { text: "call him", about: patientId });
    words.put(`clinician allergy ${other}`, { note: "hives" });
    clinic.scope = clinic.scope.filter((stream) => stream !== streams.chart(patientId));
    clinic.seq++;
    await settled(tablet);
    expect(words.find(place)).toBeUndefined();
    expect(words.find(`clinician allergy ${patientId}`)).toBeUndefined();
    expect(words.find(`clinician allergy ${other}`)?.fields).toEqual({ note: "hives" });
    await tablet.crash();
    const again = await tabletAt(clinic, { name: tablet.name });
    await again.local.session.unlock(PIN);
    expect(again.local.keptWords()!.find(place)).toBeUndefined();
  });
});
