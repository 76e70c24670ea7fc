import { afterAll, beforeAll, expect, it } from "vitest";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

const HOUR = 3_600_000;

let practice: TestPractice;
let clinician: AtWork;
beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await atWork(practice, "clinician");
});
afterAll(() => practice.close());

const began = (hours = 4, reason = "The line was cut") => ({
  id: newId(),
  reason,
  until: instant(now() + hours * HOUR),
});
const at = () => ({ at: instantNow() });

const waitingFor = async (officer: TestSession) => {
  const { body } = await practice.request(officer, "GET", "/api/emergency-access/waiting");
  return (body as unknown as { waiting: number }).waiting;
};

it("is kept with who, where and why, and stands in the log", async () => {
  const args = began(3);
  const before = await practice.head();
  expect(await clinician.does("emergency-access.begin", args, at())).toBe("applied");
  const [row] = await practice.owner("select * from emergency_access where id = $1", [args.id]);
  expect(row).toMatchObject({
    user_id: clinician.session.user.id,
    device_id: clinician.session.deviceId,
    role: "clinician",
    reason: "The line was cut",
    reviewed_at: null,
  });
  const [record] = await practice.audit(before);
  expect(record).toMatchObject({ action: "emergency-access.begun", outcome: "ok" });
  expect(JSON.stringify(record)).not.toContain("The line was cut");
});

it("lasts four hours at most, whatever a device says, and cannot begin twice", async () => {
  expect(await clinician.does("emergency-access.begin", began(5), at())).toBe("invalid_arguments");
  expect(await clinician.does("emergency-access.begin", began(-1), at())).toBe("invalid_arguments");
  expect(await clinician.does("emergency-access.begin", began(1, "  "), at())).toBe("invalid_arguments");
  const args = began(1);
  expect(await clinician.does("emergency-access.begin", args, at())).toBe("applied");
  expect(await clinician.does("emergency-access.begin", args, at())).toBe("already_exists");
});

it("is not for people without patients", async () => {
  const it = await atWork(practice, "it");
  expect(await it.does("emergency-access.begin", began(1), at())).toBe("forbidden");
});

it("is reviewed once, by the privacy officer alone", async () => {
  const args = began(2);
  await clinician.does("emergency-access.begin", args, at());
  const privacy = await practice.signIn("privacy");
  const path = `/api/emergency-access/${args.id}/review`;
  for (const username of ["clinician", "frontdesk", "admin", "security", "it"]) {
    const other = await practice.signIn(username);
    expect((await practice.request(other, "GET", "/api/emergency-access")).status, username).toBe(403);
    expect((await practice.request(other, "GET", "/api/emergency-access/waiting")).status, username).toBe(
      403,
    );
    expect((await practice.request(other, "POST", path, { note: "" })).status, username).toBe(403);
  }
  const { items } = (await practice.request(privacy, "GET", "/api/emergency-access")).body as unknown as {
    items: { id: string; reviewedAt: string | null }[];
  };
  expect(items.find(({ id }) => id === args.id)).toMatchObject({ reviewedAt: null });
  const waiting = await waitingFor(privacy);
  expect(waiting).toBe(items.filter(({ reviewedAt }) => reviewedAt === null).length);
  const reviewed = await practice.request(privacy, "POST", path, { note: "Justified" });
  expect(await waitingFor(privacy)).toBe(waiting - 1);
  expect(reviewed.body).toMatchObject({ reviewedBy: privacy.user.id, reviewNote: "Justified" });
  const again = await practice.request(privacy, "POST", path, { note: "Again" });
  expect([again.status, (again.body as { code: string }).code]).toEqual([409, "already_reviewed"]);
  const unknown = await practice.request(privacy, "POST", `/api/emergency-access/${newId()}/review`, {
    note: "",
  });
  expect(unknown.status).toBe(404);
});

it("is never reviewed by whose it was", async () => {
  await practice.addPerson("both", ["clinician", "privacy-officer"]);
  const clinical = await atWork(practice, "both", { role: "clinician" });
  const args = began(2);
  expect(await clinical.does("emergency-access.begin", args, at())).toBe("applied");
  const officer = await practice.signIn("both", { role: "privacy-officer" });
  // It is not counted as waiting for her either.
  expect(await waitingFor(officer)).toBe((await waitingFor(await practice.signIn("privacy"))) - 1);
  const answer = await practice.request(officer, "POST", `/api/emergency-access/${args.id}/review`, {
    note: "",
  });
  expect([answer.status, (answer.body as { code: string }).code]).toEqual([403, "own_review"]);
});

it("names the patients whose card was opened meanwhile, and nobody's from before, after, or another's", async () => {
  const nurse = await atWork(practice, "nurse");
  const begun = now() - 3 * HOUR;
  const args = { id: newId(), reason: "The line was cut", until: instant(begun + 2 * HOUR) };
  const opens = (who: AtWork, index: number, hours: number) =>
    who.does("patient.openChart", { id: people.patient(index) }, { at: instant(begun + hours * HOUR) });
  await opens(nurse, 1, -0.5); // while the offline time still ran
  expect(await nurse.does("emergency-access.begin", args, { at: instant(begun) })).toBe("applied");
  await opens(nurse, 2, 0.5);
  await opens(clinician, 4, 0.5); // a colleague, elsewhere
  await opens(nurse, 3, 1);
  await opens(nurse, 2, 1.5); // once more
  await opens(nurse, 5, 2.5); // when it was over
  const privacy = await practice.signIn("privacy");
  const { body } = await practice.request(privacy, "GET", "/api/emergency-access");
  const items = (body as unknown as { items: { id: string; patients: unknown }[] }).items;
  expect(items.find(({ id }) => id === args.id)?.patients).toEqual([
    { id: people.patient(2), at: instant(begun + 0.5 * HOUR) },
    { id: people.patient(3), at: instant(begun + HOUR) },
  ]);
});

it("names nobody whom the tablet opened with the clinic there again", async () => {
  const nurse = await atWork(practice, "nurse");
  const args = { id: newId(), reason: "The line was cut", until: instant(now() + 3 * HOUR) };
  await nurse.does("emergency-access.begin", args, { at: instant(now() - HOUR) });
  await nurse.does("patient.openChart", { id: people.patient(6) }, { at: instant(now() + HOUR) });
  const privacy = await practice.signIn("privacy");
  const { body } = await practice.request(privacy, "GET", "/api/emergency-access");
  const items = (body as unknown as { items: { id: string; patients: unknown }[] }).items;
  expect(items.find(({ id }) => id === args.id)?.patients).toEqual([]);
});
