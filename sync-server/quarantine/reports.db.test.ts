import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { type Leaver, leaver } from "../testing/leaver.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: TestSession;
let privacy: TestSession;
let doctor: Leaver;
let n = 1;

const patientId = people.patient(5);
const written = "2026-03-04T10:20:30.000Z";

beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await practice.signIn("clinician");
  privacy = await practice.signIn("privacy");
  doctor = await leaver(practice, "doctor", ["clinician"]);
});
afterAll(() => practice.close());

const list = async (who: TestSession) =>
  (await practice.request<{ items: ReviewItem[] }>(who, "GET", "/api/quarantine")).body.items;
const undecided = async (who: TestSession) =>
  (await list(who)).filter(({ decision }) => decision === null).map(({ name }) => name);
const waiting = async (who: TestSession) =>
  (await practice.request<{ waiting: number }>(who, "GET", "/api/quarantine/waiting")).body.waiting;
const wrote = (
  name: Parameters<typeof mutation>[2],
  args: { readonly id: string; readonly [field: string]: unknown },
) => mutation(doctor.session, n++, name, args as never, { at: written });
const opened = (id: string = patientId) => wrote("patient.openChart", { id });
const allergy = () => wrote("allergy.add", { id: newId(), patientId, encounterId: null, substance: "Latex" });

it("that a chart was opened stands in the log at once, and waits for nobody", async () => {
  const before = await practice.head();
  await doctor.deliver([opened()]);
  const records = await practice.audit(before);
  expect(records).toMatchObject([
    { action: "mutation.quarantined", reason: "revoked_before_arrival", patientId },
    {
      action: "chart.opened",
      outcome: "ok",
      reason: "revoked_before_arrival",
      actor: { type: "device" },
      onBehalfOf: doctor.id,
      occurredAt: written,
      patientId,
      resource: { type: "patient", id: patientId },
    },
  ]);
  expect(records[1]).not.toHaveProperty("deviceSeq"); // the device's number is told once
  expect(await undecided(clinician)).toEqual([]);
  expect([await waiting(clinician), await waiting(privacy)]).toEqual([0, 0]);
  expect(await undecided(privacy)).toEqual(["patient.openChart"]);
  const it = await practice.signIn("it");
  const { body } = await practice.request<{ quarantined: number }>(it, "GET", "/api/operations/dashboard");
  expect(body.quarantined).toBe(0);
});

it("a chart that nobody knows was not opened", async () => {
  const before = await practice.head();
  await doctor.deliver([opened(newId())]);
  expect(await practice.audit(before)).toMatchObject([{ action: "mutation.quarantined" }]);
});

it("stands beside what has to be decided, which says where it was written and is one thing to decide", async () => {
  await doctor.deliver([opened(), allergy(), allergy()]);
  expect(await undecided(clinician)).toEqual([
    ...Array(3).fill("patient.openChart"),
    "allergy.add",
    "allergy.add",
  ]);
  const [item] = (await list(clinician)).filter(({ name }) => name === "allergy.add");
  const [row] = await practice.owner<{ name: string }>("select name from device where id = $1", [
    doctor.session.deviceId,
  ]);
  expect(item).toMatchObject({ deviceId: doctor.session.deviceId, device: row!.name, n: expect.any(Number) });
  expect([await waiting(clinician), await waiting(privacy)]).toEqual([1, 1]);
  const it = await practice.signIn("it");
  const { body } = await practice.request<{ quarantined: number }>(it, "GET", "/api/operations/dashboard");
  expect(body.quarantined).toBe(2);
});

it("what names no patient is about the patient of what it builds on, though that is nowhere in the record", async () => {
  const added = allergy();
  const confirmed = wrote("allergy.confirm", { id: String(added.args.id) });
  const [, id] = await doctor.deliver([added, confirmed]);
  const items = await list(clinician);
  expect(items.find((item) => item.id === id)).toMatchObject({ name: "allergy.confirm", patientId });
  expect(await waiting(clinician)).toBe(1);
});

it("an emergency access is brought in by somebody, so that the privacy officer reviews it", async () => {
  const access = { id: newId(), reason: "The line was cut", until: "2026-03-04T12:00:00.000Z" };
  const [id] = await doctor.deliver([wrote("emergency-access.begin", access)]);
  expect(await undecided(clinician)).toContain("emergency-access.begin");
  const body = { decision: "adopt" } as const;
  const { status } = await practice.request(clinician, "POST", `/api/quarantine/${id}/decision`, body);
  expect(status).toBe(200);
  const reviews = await practice.request<{ items: { id: string; userId: string }[] }>(
    privacy,
    "GET",
    "/api/emergency-access",
  );
  expect(reviews.body.items).toMatchObject([{ id: access.id, userId: doctor.id }]);
});
