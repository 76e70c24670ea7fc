import { expect, test } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { atTheEnd, settled, unlockedAt } from "../testing/at-work.ts";
import { FakeClinic } from "../testing/fake-clinic.ts";
import { patientRow } from "../testing/people.ts";
import { rawDisk, until } from "../testing/tablet.ts";
import { closeGlass } from "./close-glass.ts";

const MINUTE = 60_000;

/** A tablet that holds a restricted chart because its person broke the glass, and another chart. */
async function brokenGlass({ left = 30 * MINUTE, member = false } = {}) {
  const clinic = new FakeClinic();
  const [patientId, other] = [newId(), newId()];
  const own = streams.tasks(clinic.user.id, "clinical");
  clinic.scope.push("safety", own, streams.chart(patientId), streams.chart(other));
  for (const id of [patientId, other]) {
    clinic.put("patient", "demographics", patientRow("Lopez", id));
    clinic.put("alert", streams.chart(id), {
      id: newId(),
      patientId: id,
      kind: "safety",
      text: `Planted ${id === patientId ? "behind glass" : "elsewhere"}`,
      active: true,
    });
  }
  clinic.put("care-team", "safety", {
    id: careTeamIdOf(patientId),
    patientId,
    restricted: true,
    memberIds: member ? [clinic.user.id] : [newId()],
    setBy: newId(),
    setAt: instant(now()),
  });
  const tablet = await unlockedAt(clinic);
  const { local } = tablet;
  const { deviceId } = local.session.get();
  const glassId = newId();
  clinic.put("break-glass", own, {
    id: glassId,
    patientId,
    userId: clinic.user.id,
    deviceId,
    role: "clinician",
    reason: "emergency",
    words: "Needed now",
    begunAt: instant(now() + left - 60 * MINUTE),
    until: instant(now() + left),
    endedAt: null,
  });
  await settled(tablet);
  const alerts = local.rows("alert", {});
  const held = () =>
    local
      .replica()!
      .streams.get()
      .map(({ stream }) => stream);
  const texts = () => alerts.get().rows.map(({ text }) => text);
  atTheEnd(alerts.subscribe(() => {}));
  return { clinic, tablet, local, patientId, other, own, glassId, alerts, held, texts };
}

test("a restricted chart stays while its hour runs, and goes when it is over though the clinic is away", async () => {
  const { clinic, tablet, local, patientId, other, alerts, held, texts } = await brokenGlass({ left: 800 });
  atTheEnd(closeGlass(local));
  await until(alerts, ({ rows }) => rows.length === 2);
  const kid = local
    .replica()!
    .streams.get()
    .find(({ stream }) => stream === streams.chart(patientId))!.kid;
  expect(await rawDisk(tablet.database)).toContain(kid);
  clinic.network = "down";
  await until(alerts, ({ rows }) => rows.length === 1);
  expect(texts()).toEqual(["Planted elsewhere"]);
  expect(held()).not.toContain(streams.chart(patientId));
  expect(held()).toContain(streams.chart(other));
  expect(await rawDisk(tablet.database)).not.toContain(kid); // its key, and every row under it
});

test("a chart that is closed again goes at once, and comes back with another glass", async () => {
  const { clinic, tablet, local, patientId, own, glassId, alerts, held } = await brokenGlass();
  atTheEnd(closeGlass(local));
  clinic.network = "down";
  await local.mutate("break-glass.end", { id: glassId });
  await until(alerts, ({ rows }) => rows.length === 1);
  expect(held()).not.toContain(streams.chart(patientId));
  clinic.network = "up";
  clinic.remove("break-glass", glassId);
  clinic.put("break-glass", own, {
    id: newId(),
    patientId,
    userId: clinic.user.id,
    deviceId: local.session.get().deviceId,
    role: "clinician",
    reason: "other",
    words: "Once more",
    begunAt: instant(now()),
    until: instant(now() + 60 * MINUTE),
    endedAt: null,
  });
  await settled(tablet);
  local.openChart(patientId, "another");
  await until(alerts, ({ rows }) => rows.length === 2);
  expect(held()).toContain(streams.chart(patientId));
});

test("a chart of the own care team stays, whatever glass was broken before", async () => {
  const { tablet, local, patientId, glassId, held } = await brokenGlass({ member: true });
  atTheEnd(closeGlass(local));
  await local.mutate("break-glass.end", { id: glassId });
  await settled(tablet);
  expect(held()).toContain(streams.chart(patientId));
});

test("an opening under another right is told once more", async () => {
  const { clinic, tablet, local, patientId } = await brokenGlass();
  const told: unknown[] = [];
  clinic.refuse = ({ name, args }) => {
    if (name === "patient.openChart") told.push(args.id);
    return null;
  };
  local.openChart(patientId);
  local.openChart(patientId);
  local.openChart(patientId, "a broken glass");
  local.openChart(patientId, "a broken glass");
  await settled(tablet);
  await expect.poll(() => told).toEqual([patientId, patientId]);
});
