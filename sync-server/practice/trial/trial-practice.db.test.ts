import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantNow, now, useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { dateIn, instant, instantIn } from "#domain/kernel/instant.ts";
import { safetyCardSchema } from "#domain/safety-card/index.ts";
import { slices } from "../../slices.ts";
import { SlotLeaseEntity } from "../../slot-lease/slot-lease.entity.ts";
import { findRecords } from "../../sync/records.ts";
import { rowOf, type StoredRow } from "../../sync/slice.ts";
import { clientRows, serverRows, testClient } from "../../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../../testing/test-practice.ts";
import { fixedIndex, fullTrial, trialId } from "./trial-patients.ts";
import { bookTrialDay, fixedVisits } from "./trial-practice.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice({ full: true });
});
afterAll(() => practice.close());

const count = async (sql: string): Promise<number> =>
  Number((await practice.owner<{ count: string }>(`select count(*) from ${sql}`))[0]!.count);

describe("a full trial practice", () => {
  it("is in the database whole, and its audit log verifies", async () => {
    expect(await count("patient")).toBe(fullTrial);
    expect(await count("note where status = 'signed'")).toBe(40);
    expect(await count("audit_log where body::jsonb ->> 'action' = 'note.signed'")).toBe(40);
    expect(await count("working_hours")).toBe(15);
    expect(
      await count(
        "appointment where (start at time zone 'America/New_York')::date = (now() at time zone 'America/New_York')::date",
      ),
    ).toBeGreaterThanOrEqual(5);
    const privacy = await practice.signIn("privacy");
    const { status } = await practice.request(privacy, "GET", "/api/audit?limit=1");
    expect(status).toBe(200);
  });

  it("has a safety card for every active patient, and the restricted one's only in its chart (C03)", async () => {
    const cards = await practice.owner<{ stream: string; patient_id: string }>(
      "select stream, patient_id from safety_card",
    );
    expect(cards).toHaveLength(fullTrial);
    const restricted = trialId("patient", String(fixedIndex.restricted));
    for (const { stream, patient_id: id } of cards)
      expect(stream).toBe(id === restricted ? `chart:${id}` : "safety");
  });

  it("is read for tablets as the ORM reads it, record by record", async () => {
    const em = practice.practice.database.em.fork();
    let compared = 0;
    for (const slice of Object.values(slices)) {
      const records = await em.find(slice.entity, {});
      const ids = records.map(({ id }) => id);
      const inOrder = (list: readonly StoredRow[]) =>
        list.map((record) => ({ ...rowOf(slice.collection, record) })).sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(inOrder(await findRecords(em, slice, ids))).toEqual(inOrder(records));
      if (ids.length > 0) compared++;
    }
    expect(compared).toBeGreaterThan(12);
  });

  it("reaches a clinician's tablet exactly; cards have the published shape", async () => {
    const client = testClient(practice, await practice.signIn("clinician"), { limit: 1000 });
    await client.pull();
    expect(clientRows(client)).toEqual(await serverRows(practice, client.streams.keys()));
    const cards = [...client.published.values()].filter(({ collection }) => collection === "safety-card");
    expect(cards.length).toBeGreaterThanOrEqual(fullTrial - 1);
    for (const { data } of cards) safetyCardSchema.parse(data);
  });

  it("shows the restricted chart to nobody outside its care team", async () => {
    const restricted = `chart:${trialId("patient", String(fixedIndex.restricted))}`;
    for (const [login, sees] of [
      ["clinician", true],
      ["nurse", true],
      ["clinician2", false],
      ["nurse2", false],
    ] as const) {
      const client = testClient(practice, await practice.signIn(login), { limit: 1000 });
      client.want.push(restricted);
      await client.pull();
      expect(client.streams.has(restricted), login).toBe(sees);
    }
  });

  it("prepares a later day around what people have booked", async () => {
    await practice.owner("alter table appointment disable trigger user");
    await practice.owner("update appointment set id = gen_random_uuid() where id = $1", [
      trialId(
        "appointment",
        `${new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(new Date(instantNow()))} 0`,
      ),
    ]);
    await practice.owner("alter table appointment enable trigger user");
    const before = await count("appointment");
    await bookTrialDay(practice.practice);
    // Ana's time is taken by the renamed visit, the other four stand already under their ids.
    expect(await count("appointment")).toBe(before);
  });

  it("leaves to a desk the time that it may promise on that day", async () => {
    const { deviceId } = await practice.signIn("frontdesk");
    const later = now() + 20 * 86_400_000;
    const restore = useClock({ now: () => later });
    try {
      const date = dateIn("America/New_York");
      const [login, , time] = fixedVisits[0]!;
      await practice.practice.ledger.transact(async ({ em, audit }) => {
        em.create(SlotLeaseEntity, {
          id: newId(),
          clinicianId: trialId("staff", login),
          start: instantIn("America/New_York", date, time),
          minutes: 15,
          lane: 0,
          deviceId,
          until: instant(later + 3_600_000),
          grantedAt: instant(later),
          status: "held",
        } as never);
        audit({ actor: { type: "system", id: "test" }, action: "slot-lease.granted", outcome: "ok" });
      });
      await bookTrialDay(practice.practice);
      const ids = fixedVisits.map((_, index) => trialId("appointment", `${date} ${index}`));
      const booked = await practice.owner<{ id: string }>("select id from appointment where id = any($1)", [
        ids,
      ]);
      expect(booked.map(({ id }) => id).sort()).toEqual(ids.slice(1).sort());
    } finally {
      restore();
    }
  });
});
