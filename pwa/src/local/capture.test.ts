import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { newSalt } from "#domain/capture/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { openEnvelope } from "../outbox/envelope.ts";
import { tryPin } from "../session/people.ts";
import { playClock, settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { PIN, quickDerive, rawDisk, until } from "./testing/tablet.ts";

const HOUR = 3_600_000;
const words = (text: string, id = newId()) => ({ id, label: `LABEL-MARKER ${text}`, text, salt: newSalt() });

/** A tablet whose offline time is over, with the PIN given and no network. */
async function expiredTablet() {
  const clock = playClock();
  const clinic = new FakeClinic();
  clinic.scope.push("intake");
  const tablet = await unlockedAt(clinic);
  await tablet.local.session.lock();
  clinic.network = "down";
  clock.pass(48 * HOUR);
  await tablet.local.session.unlock(PIN);
  expect(tablet.local.session.get().state).toBe("expired");
  return { clock, clinic, tablet, local: tablet.local };
}

const stored = (clinic: FakeClinic) =>
  [...clinic.rows.values()].filter(({ collection }) => collection === "capture").map(({ data }) => data);

test("what is put away opens neither with the root key nor by looking at the disk, and is counted as one (C23)", async () => {
  const { tablet, local } = await expiredTablet();
  const { id } = words("");
  for (const text of ["BOY", "BOY-WITH", "BOY-WITH-RASH"])
    await local.mutate("capture.write", words(text, id));
  await local.mutate("capture.write", words("SECOND"));
  expect(local.outbox.get()).toMatchObject([
    { name: "capture.write", rowId: id, status: "waiting", patientId: null },
    { name: "capture.write", status: "waiting" },
  ]);
  expect(JSON.stringify(local.outbox.get())).not.toContain("BOY");
  expect(local.rows("capture", {}).get().rows).toEqual([]);
  const raw = await rawDisk(tablet.database);
  expect(raw).not.toContain("BOY");
  expect(raw).not.toContain("MARKER");

  const device = (await tablet.database.device.toArray())[0]!;
  const [user] = await tablet.database.users.toArray();
  const { keyring } = await tryPin(tablet.database, device, user!.id, PIN, quickDerive);
  const entries = await tablet.database.outbox.toArray();
  expect(entries).toHaveLength(4);
  for (const { envelope } of entries) await expect(openEnvelope(keyring, envelope)).rejects.toThrow();
  // The same person's ordinary work does open: it is not the key that is wrong.
  await local.mutate("staff.printDay", { id: user!.id, day: "2027-01-12" });
  const last = (await tablet.database.outbox.toArray()).at(-1)!;
  expect(await openEnvelope(keyring, last.envelope)).toMatchObject({ name: "staff.printDay" });
});

test("an answer to what a copy of the profile sealed under the same number is none to what was sealed here", async () => {
  const { clinic, tablet, local } = await expiredTablet();
  await local.mutate("capture.write", words("MINE"));
  const [mine] = await tablet.database.outbox.toArray();
  const answer = { n: mine!.envelope.n, status: "applied" as const, seq: 1 };
  const { Outbox } = await import("../outbox/outbox.ts");
  const { Workspace } = await import("./workspace.ts");
  const [user] = await tablet.database.users.toArray();
  const device = (await tablet.database.device.toArray())[0]!;
  const { keyring } = await tryPin(tablet.database, device, user!.id, PIN, quickDerive);
  const author = () => ({ keyring, clientId: mine!.clientId, role: clinic.user.role }) as never;
  const workspace = new Workspace(tablet.database, new Outbox(tablet.database), author, () => {});
  await workspace.reloadEntries();
  expect(workspace.own([{ ...answer, hash: "f".repeat(64) }])).toEqual([]);
  const inside = (await clinic.openEnvelope(mine!.envelope)).hash;
  expect(workspace.own([{ ...answer, hash: inside }])).toHaveLength(1);
});

test("a killed tab keeps every word that was sealed, and the device delivers it while nobody can read", async () => {
  const { clinic, tablet, local } = await expiredTablet();
  const { id } = words("");
  await local.mutate("capture.write", words("First words", id));
  await local.mutate("capture.write", words("First words, and more", id));
  await tablet.crash();
  clinic.sessionEnded = true; // the tablet was away longer than any session lasts
  clinic.network = "up";
  await tabletAt(clinic, { name: tablet.name });
  await expect
    .poll(() => stored(clinic), { timeout: 10_000 })
    .toMatchObject([{ id, text: "First words, and more", status: "waiting", authorId: clinic.user.id }]);
});

test("the clinic's answer sends it under the person's own session too, and then it can be read in the tray", async () => {
  const { clinic, tablet, local } = await expiredTablet();
  await local.mutate("capture.write", words("Rash since Tuesday"));
  clinic.network = "up";
  await settled(tablet);
  expect(local.session.get().state).toBe("unlocked");
  expect(stored(clinic)).toMatchObject([{ text: "Rash since Tuesday" }]);
  const tray = local.rows("capture", { where: { status: "waiting" } });
  await until(tray, ({ rows }) => rows.length === 1);
  await until(local.outbox, (items) => items.length === 0);
});

test("words that are only on the screen are sealed before a lock drops the keys", async () => {
  const { clinic, local } = await expiredTablet();
  local.typing(async () => void (await local.mutate("capture.write", words("Typed and not paused"))));
  await local.session.lock();
  clinic.network = "up";
  await expect
    .poll(() => stored(clinic), { timeout: 10_000 })
    .toMatchObject([{ text: "Typed and not paused" }]);
});
