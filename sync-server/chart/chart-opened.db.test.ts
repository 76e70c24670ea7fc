import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { atWork } from "../testing/at-work.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const patientId = people.patient(3);
const opened = { name: "patient.openChart", args: { id: patientId } } as const;
const whoLooked = async (patient = patientId) => {
  const officer = await practice.signIn("privacy");
  const { body } = await practice.request(
    officer,
    "GET",
    `/api/audit?patient=${patient}&action=chart.opened,chart.replicated`,
  );
  return body as unknown as { records: Record<string, unknown>[]; names: Record<string, string> };
};

describe("C27: an opened chart", () => {
  it("is a record of the person, the patient, the device and the time it happened, and changes nothing", async () => {
    const doctor = await practice.signIn("clinician");
    const before = await practice.head();
    const at = "2026-11-20T15:42:00.000Z";
    const { results } = await practice.push(doctor, [mutation(doctor, 1, opened.name, opened.args, { at })]);
    expect(results).toMatchObject([{ n: 1, status: "applied" }]);
    const [record, ...more] = await practice.audit(before);
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      action: "chart.opened",
      outcome: "ok",
      patientId,
      occurredAt: at,
      actor: { type: "user", id: people.clinician, role: "clinician", deviceId: doctor.deviceId },
      changed: [],
    });
    expect(Date.parse(String(record!.recordedAt))).toBeGreaterThan(Date.parse(at));
    expect(await practice.owner("select 1 from sync_row where seq > $1", [before])).toEqual([]);
    const { records, names } = await whoLooked();
    expect(records[0]).toMatchObject({ action: "chart.opened", occurredAt: at });
    expect(names[doctor.deviceId]).toBeTypeOf("string");
  });

  it("that is sent twice, in any way, is one record", async () => {
    const nurse = await practice.signIn("nurse");
    const event = mutation(nurse, 1, opened.name, opened.args);
    const before = await practice.head();
    const first = await practice.push(nurse, [event]);
    expect(await practice.push(nurse, [event])).toEqual(first);
    // A copied outbox sends it under another client.
    const copy = await practice.signIn("nurse");
    expect((await practice.push(copy, [event])).results).toMatchObject([{ code: "already_exists" }]);
    const records = await practice.audit(before);
    expect(records.filter(({ action }) => action === "chart.opened")).toHaveLength(1);
  });

  it("cannot be the front desk's, an officer's or IT's: the attempt is a denial", async () => {
    for (const name of ["frontdesk", "privacy", "security", "it", "admin"]) {
      const somebody = await atWork(practice, name);
      const before = await practice.head();
      expect(await somebody.does(opened.name, opened.args), name).toBe("forbidden");
      expect(await practice.audit(before), name).toMatchObject([
        { action: "access.denied", outcome: "denied", permission: "chart:open", patientId },
      ]);
    }
  });

  it("in the name of somebody else, or under another person's or device's client, is refused and logged", async () => {
    const doctor = await practice.signIn("clinician");
    const before = await practice.head();
    const another = mutation(doctor, 1, opened.name, opened.args, { actor: people.nurse });
    expect((await practice.push(doctor, [another])).results).toMatchObject([{ code: "forbidden" }]);
    const elsewhere = await practice.signIn("clinician");
    const { status, body } = await practice.request(elsewhere, "POST", "/api/sync/push", {
      epoch: doctor.epoch,
      clientId: doctor.clientId,
      mutations: [mutation(doctor, 2, opened.name, opened.args)],
    });
    expect([status, body.code]).toEqual([409, "client_unknown"]);
    const denied = (await practice.audit(before)).filter(({ outcome }) => outcome === "denied");
    expect(denied).toMatchObject([
      { action: "access.denied", reason: "forbidden", actor: { id: people.clinician }, patientId },
      { action: "access.denied", reason: "client_unknown" },
    ]);
  });

  it("of a patient that does not exist, or with anything beside the id, is refused", async () => {
    const doctor = await atWork(practice, "clinician");
    const nobody = newId();
    expect(await doctor.does(opened.name, { id: nobody })).toBe("missing_parent");
    const smuggled = { id: patientId, reason: "curious" };
    expect(await doctor.does(opened.name, smuggled)).toBe("invalid_arguments");
    expect((await whoLooked(nobody)).records).toEqual([]);
  });

  it("that is restricted is a denial for everybody outside the care team", async () => {
    const restricted = people.patient(9);
    const insider = await atWork(practice, "clinician");
    const args = { id: careTeamIdOf(restricted), patientId: restricted, memberIds: [people.clinician] };
    expect(await insider.does("care-team.restrict", args)).toBe("applied");
    const outsider = await atWork(practice, "clinician2");
    const before = await practice.head();
    expect(await outsider.does(opened.name, { id: restricted })).toBe("chart_restricted");
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "access.denied",
        reason: "chart_restricted",
        permission: "chart:open",
        patientId: restricted,
      },
    ]);
    expect(await insider.does(opened.name, { id: restricted })).toBe("applied");
  });

  it("by somebody whose role was taken away before it arrived is kept apart, and stands in the log", async () => {
    const id = await practice.addPerson("both", ["clinician", "front-desk"]);
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update staff set roles = '{front-desk}', version = version + 1 where id = ?", [id]);
      audit({ actor: { type: "system", id: "test" }, action: "staff.role_removed", outcome: "ok" });
    });
    const again = await practice.signIn("both", { role: "front-desk" });
    const before = await practice.head();
    const event = mutation(again, 1, opened.name, opened.args, { role: "clinician" });
    expect((await practice.push(again, [event])).results).toMatchObject([{ code: "revoked_before_arrival" }]);
    expect(await practice.audit(before)).toMatchObject([
      { action: "mutation.quarantined", patientId },
      { action: "chart.opened", outcome: "ok", reason: "revoked_before_arrival", patientId },
    ]);
  });
});
