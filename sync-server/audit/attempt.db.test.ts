import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { collectionNames } from "#domain/registry.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people, type TestVisit, visitMutations } from "../testing/visit.ts";
import { patientOf } from "./attempt.ts";

let practice: TestPractice;
let desk: TestSession;
let doctor: TestSession;
let visit: TestVisit;

beforeAll(async () => {
  practice = await openTestPractice();
  desk = await practice.signIn("frontdesk");
  doctor = await practice.signIn("clinician");
  const begun = visitMutations(doctor, 1);
  visit = begun.visit;
  await practice.push(doctor, begun.mutations);
});
afterAll(() => practice.close());

const denied = async (body: Record<string, unknown>) => {
  const before = await practice.head();
  const answer = await practice.request(desk, "POST", "/api/access", body);
  expect(answer.status).toBe(403);
  const [record, ...more] = await practice.audit(before);
  expect(more).toEqual([]);
  return record;
};

describe("the record of a denial", () => {
  it("names the right, the record and the patient", async () => {
    const subject = { type: "appointment", id: visit.appointmentId };
    expect(await denied({ permission: "chart:open", subject })).toMatchObject({
      action: "access.denied",
      outcome: "denied",
      reason: "forbidden",
      route: "POST /api/access",
      permission: "chart:open",
      resource: subject,
      patientId: visit.patientId,
    });
  });

  it("is found when one looks for the patient", async () => {
    const privacy = await practice.signIn("privacy");
    await denied({ permission: "note:read", subject: { type: "encounter", id: visit.encounterId } });
    const { body } = await practice.request<{ records: { permission?: string }[] }>(
      privacy,
      "GET",
      `/api/audit?patient=${visit.patientId}&action=access.denied`,
    );
    expect(body.records.map(({ permission }) => permission)).toContain("note:read");
  });

  it("names no patient where there is none", async () => {
    const id = newId();
    const record = await denied({ permission: "chart:open", subject: { type: "appointment", id } });
    expect(record).toMatchObject({ resource: { type: "appointment", id } });
    expect(record).not.toHaveProperty("patientId");
    expect(await denied({ permission: "audit:search" })).not.toHaveProperty("resource");
  });

  it("takes a patient from no request", async () => {
    const body = { permission: "chart:open", patientId: people.patient(3) };
    expect((await practice.request(desk, "POST", "/api/access", body)).status).toBe(400);
    const text = { permission: "chart:open", subject: { type: "appointment", id: "Ana has diabetes" } };
    expect((await practice.request(desk, "POST", "/api/access", text)).status).toBe(400);
  });

  it("names what the path of a refused request names, and no text that stands in its place", async () => {
    const id = newId();
    const before = await practice.head();
    await practice.request(desk, "GET", `/api/recordings/${id}/audio`);
    await practice.request(desk, "GET", "/api/recordings/Ana%20has%20diabetes/audio");
    const records = await practice.audit(before);
    expect(records).toMatchObject([
      { action: "access.denied", permission: "ai:read", resource: { type: "recording", id } },
      { action: "access.denied", permission: "ai:read" },
    ]);
    expect(records[1]).not.toHaveProperty("resource");
    expect(JSON.stringify(records)).not.toContain("diabetes");
  });

  it("of a pushed change names the right, and the patient whose record it really is", async () => {
    const before = await practice.head();
    const { encounterId, patientId } = visit;
    await practice.push(desk, [
      mutation(desk, 1, "encounter.finish", { id: encounterId, patientId: people.patient(3) } as never),
    ]);
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "access.denied",
        permission: "encounter:write",
        resource: { type: "encounter", id: encounterId },
        patientId,
      },
    ]);
  });
});

it("whose record it is can be asked of every collection", async () => {
  const em = practice.practice.database.em.fork();
  for (const type of collectionNames) expect(await patientOf(em, { type, id: newId() })).toBeUndefined();
  expect(await patientOf(em, { type: "patient", id: visit.patientId })).toBe(visit.patientId);
  expect(await patientOf(em, { type: "job", id: newId() })).toBeUndefined();
});
