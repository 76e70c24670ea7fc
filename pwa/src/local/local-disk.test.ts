import { describe, expect, test } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { addMinutes } from "#domain/kernel/instant.ts";
import { atTheEnd, families, settled, tabletAt, unlockedAt } from "./testing/at-work.ts";
import { FakeClinic } from "./testing/fake-clinic.ts";
import { patientRow, registration } from "./testing/people.ts";
import { PIN, rawDisk, signInFresh, until } from "./testing/tablet.ts";

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
    atTheEnd(notes.subscribe(() => {}));
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

  test("Today comes from one block, before any row is read", async () => {
    const clinic = new FakeClinic();
    const person = patientRow("Today");
    const start = instantNow();
    const appointment = { id: newId(), patientId: person.id, start };
    clinic.put("patient", "demographics", person);
    clinic.put("patient", "demographics", patientRow("Elsewhere"));
    clinic.put("appointment", "schedule", appointment);
    clinic.put("appointment", "schedule", {
      ...appointment,
      id: newId(),
      start: addMinutes(start, 60 * 24 * 40),
    });
    const first = await unlockedAt(clinic);
    await first.database.rows.clear();
    await first.crash();
    clinic.network = "down";
    const { local } = await tabletAt(clinic, { name: first.name });
    await local.session.unlock(PIN);
    await until(
      local.rows("appointment", {}),
      ({ rows }) => rows.length === 1 && rows[0]?.id === appointment.id,
    );
    await until(
      local.rows("patient", {}),
      ({ rows }) => rows.map(({ familyName }) => familyName).join() === "Today",
    );
  });

  test.each([1, 2, 3, 7])(
    "a first sync in pages of %i brings every row once, also when cut off between pages",
    async (page) => {
      const clinic = new FakeClinic();
      const names = Array.from({ length: 12 }, (_, i) => `P${String(i).padStart(2, "0")}`);
      for (const name of names) clinic.put("patient", "demographics", patientRow(name));
      for (let i = 0; i < 5; i++) clinic.put("appointment", "schedule", { id: newId(), start: instantNow() });
      const first = await tabletAt(clinic, { page });
      await signInFresh(first);
      for (let i = 0; i < 200 && (await first.database.rows.count()) < 8; i++)
        await new Promise((resolve) => setTimeout(resolve, 2));
      await first.crash();
      clinic.put("patient", "demographics", patientRow("P12"));
      const second = await tabletAt(clinic, { name: first.name, page });
      await second.local.session.unlock(PIN);
      await settled(second);
      await until(families(second), ({ rows }) => rows.length === 13);
      await until(second.local.rows("appointment", {}), ({ rows }) => rows.length === 5);
      expect(await second.database.rows.count()).toBe(18);
      expect(await second.database.streams.count()).toBe(3);
    },
  );

  test("what the disk could not read while a page was being shown is shown with the next one", async () => {
    const clinic = new FakeClinic();
    for (let i = 0; i < 5; i++) clinic.put("patient", "demographics", patientRow(`P${i}`));
    const first = await tabletAt(clinic, { page: 2 });
    await signInFresh(first);
    for (let i = 0; i < 200 && (await first.database.rows.count()) < 2; i++)
      await new Promise((resolve) => setTimeout(resolve, 2));
    await first.crash();
    expect(await first.database.open().then((disk) => disk.table("rows").count())).toBeLessThan(5);
    first.database.close();
    clinic.put("appointment", "schedule", { id: newId(), start: instantNow() });
    const second = await tabletAt(clinic, { name: first.name, page: 2 });
    let broken = true;
    const fail = (row: unknown) => {
      if (broken) throw new DOMException("the disk failed", "UnknownError");
      return row;
    };
    clinic.network = "down";
    await second.local.session.unlock(PIN);
    second.database.rows.hook("reading", fail);
    clinic.network = "up";
    await settled(second);
    expect(await second.database.streams.count()).toBe(3);
    broken = false;
    await settled(second);
    await until(families(second), ({ rows }) => rows.length === 5);
    await until(second.local.rows("appointment", {}), ({ rows }) => rows.length === 1);
  });

  test("a page is shown when the last one is there, never half of it", async () => {
    const clinic = new FakeClinic();
    const tablet = await unlockedAt(clinic, { page: 2 });
    const sizes: number[] = [];
    const rows = families(tablet);
    atTheEnd(rows.subscribe(() => sizes.push(rows.get().rows.length)));
    for (let i = 0; i < 7; i++) clinic.put("patient", "demographics", patientRow(`P${i}`));
    await settled(tablet);
    await until(rows, ({ rows }) => rows.length === 7);
    expect(new Set(sizes)).toEqual(new Set([0, 7]));
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
