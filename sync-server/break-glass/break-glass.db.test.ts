import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import type { BreakGlass, BreakGlassReview } from "#domain/break-glass/index.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import {
  type Caller,
  openTestPractice,
  type TestPractice,
  type TestSession,
} from "../testing/test-practice.ts";
import { people, startVisit } from "../testing/visit.ts";
import { endOver } from "./end.ts";

const HOUR = 3_600_000;

let practice: TestPractice;
let insider: AtWork;
/** Another restricted chart for each test, and another one that stays shut. */
let patientId = "";
const shut = people.patient(19);
let index = 0;

beforeAll(async () => {
  practice = await openTestPractice();
  insider = await atWork(practice, "clinician");
  await restrict(shut);
});
beforeEach(async () => {
  patientId = people.patient(index++);
  await restrict(patientId);
});
afterAll(() => practice.close());

const restrict = async (id: string) =>
  expect(
    await insider.does("care-team.restrict", {
      id: careTeamIdOf(id),
      patientId: id,
      memberIds: [people.clinician],
    }),
  ).toBe("applied");

const given = (change: object = {}) => ({
  id: newId(),
  reason: "emergency",
  words: "WORDS unconscious in the waiting room",
  password: trialPassword,
  ...change,
});
const begin = (caller: Caller, body: object = given(), of = patientId) =>
  practice.request<BreakGlass & { code: string }>(caller, "POST", `/api/patients/${of}/break-glass`, body);
const began = async (caller: Caller, of = patientId) => {
  const { status, body } = await begin(caller, given(), of);
  expect(status).toBe(200);
  return body;
};
const fact = (of = patientId) => ({ id: newId(), patientId: of, encounterId: null, substance: "Latex" });
/** As the owner of the schema can and the server cannot: past the triggers. */
const behindItsBack = (table: string, change: string) =>
  practice.owner(
    `alter table ${table} disable trigger user; update ${table} set ${change}; alter table ${table} enable trigger user`,
  );
const older = (id: string, milliseconds: number) =>
  behindItsBack(
    "break_glass",
    `begun_at = begun_at - interval '${milliseconds} milliseconds',
     until = until - interval '${milliseconds} milliseconds' where id = '${id}'`,
  );
const charts = async (session: TestSession, want: string) => {
  const tablet = testClient(practice, session);
  tablet.want.push(streams.chart(want));
  await tablet.pull();
  return [...tablet.streams.keys()].filter((stream) => stream === streams.chart(want));
};
const review = (caller: Caller, id: string, body: object = { outcome: "justified", note: "" }) =>
  practice.request<BreakGlassReview & { code: string }>(
    caller,
    "POST",
    `/api/break-glass/${id}/review`,
    body,
  );
const listed = async (caller: Caller, id: string) => {
  const { body } = await practice.request<{ items: BreakGlassReview[] }>(caller, "GET", "/api/break-glass");
  return body.items.find((one) => one.id === id)!;
};
const waiting = async (caller: Caller) =>
  (await practice.request<{ waiting: number; overdue: number }>(caller, "GET", "/api/break-glass/waiting"))
    .body;

describe("breaking the glass", () => {
  it("opens that chart for an hour by the server's clock, with a record that names it and keeps the words out", async () => {
    const outsider = await atWork(practice, "clinician2");
    expect(await charts(outsider.session, patientId)).toEqual([]);
    expect(await outsider.does("allergy.add", fact())).toBe("chart_restricted");
    const before = await practice.head();
    const row = await began(outsider.session);
    expect(Date.parse(row.until) - Date.parse(row.begunAt)).toBe(HOUR);
    expect(row).toMatchObject({ patientId, userId: people.clinician2, role: "clinician", endedAt: null });
    const [record] = await practice.audit(before);
    expect(record).toMatchObject({
      action: "break-glass.begun",
      outcome: "ok",
      reason: "emergency",
      patientId,
      breakGlassId: row.id,
      purpose: "break-glass",
      resource: { type: "break-glass", id: row.id },
    });
    expect(JSON.stringify(record)).not.toContain("WORDS");
    const tablet = testClient(practice, outsider.session);
    await tablet.pull(); // without asking for it
    expect(tablet.streams.has(streams.chart(patientId))).toBe(true);
    expect(tablet.streams.has(streams.chart(shut))).toBe(false);
    expect(await outsider.does("allergy.add", fact())).toBe("applied");
    expect(await outsider.does("allergy.add", fact(shut))).toBe("chart_restricted");
  });

  it("puts its number on what is read and changed under it, and on nothing else", async () => {
    const outsider = await atWork(practice, "clinician2");
    const { id } = await began(outsider.session);
    const before = await practice.head();
    await charts(outsider.session, patientId);
    await outsider.does("patient.openChart", { id: patientId });
    await outsider.does("allergy.add", fact());
    await outsider.does("patient.openChart", { id: people.patient(18) });
    await insider.does("allergy.add", fact());
    const records = await practice.audit(before);
    const under = records.filter(({ breakGlassId }) => breakGlassId === id);
    expect(under.map(({ action }) => action)).toEqual(["chart.replicated", "chart.opened", "allergy.added"]);
    expect(records.filter(({ patientId: of }) => of === people.patient(18)).length).toBeGreaterThan(0);
    expect(records.some(({ breakGlassId }) => breakGlassId !== undefined && breakGlassId !== id)).toBe(false);
  });

  it("closes when its time is over, whether or not anybody has written that down", async () => {
    const outsider = await atWork(practice, "clinician2");
    const { id, userId } = await began(outsider.session);
    const tablet = testClient(practice, outsider.session);
    await tablet.pull();
    await older(id, HOUR);
    expect(await outsider.does("allergy.add", fact())).toBe("chart_restricted");
    await tablet.pull();
    expect(tablet.streams.has(streams.chart(patientId))).toBe(false);
    const before = await practice.head();
    await practice.practice.ledger.transact(endOver);
    const ended = (await practice.audit(before)).filter(({ breakGlassId }) => breakGlassId === id);
    expect(ended).toMatchObject([{ action: "break-glass.ended", reason: "time", patientId }]);
    const [row] = await practice.owner<{ over: boolean; stream: string | null }>(
      "select ended_at = until as over, stream from break_glass where id = $1",
      [id],
    );
    expect(row).toEqual({ over: true, stream: null });
    expect(userId).toBe(people.clinician2);
    // And can be opened anew.
    await began(outsider.session);
  });

  it("is given back by whoever opened it, once", async () => {
    const outsider = await atWork(practice, "clinician2");
    const { id } = await began(outsider.session);
    expect(await insider.does("break-glass.end", { id })).toBe("not_yours");
    expect(await outsider.does("break-glass.end", { id })).toBe("applied");
    expect(await outsider.does("allergy.add", fact())).toBe("chart_restricted");
    expect(await charts(outsider.session, patientId)).toEqual([]);
    expect(await outsider.does("break-glass.end", { id })).toBe("applied");
    expect(await outsider.does("break-glass.end", { id: newId() })).toBe("missing_parent");
  });

  it("lets nobody into the care team by themselves", async () => {
    const outsider = await atWork(practice, "clinician2");
    await began(outsider.session);
    const joins = {
      id: careTeamIdOf(patientId),
      patientId,
      memberIds: [people.clinician2, people.clinician],
    };
    expect(await outsider.does("care-team.restrict", joins)).toBe("chart_restricted");
  });

  it("takes in later what a tablet says was opened meanwhile, and no other opening", async () => {
    const outsider = await atWork(practice, "nurse");
    const { id } = await began(outsider.session);
    await older(id, 3 * HOUR);
    const before = await practice.head();
    const at = (hoursAgo: number) => ({ at: instant(now() - hoursAgo * HOUR) });
    expect(await outsider.does("patient.openChart", { id: patientId }, at(2.5))).toBe("applied");
    expect(await outsider.does("patient.openChart", { id: patientId }, at(1))).toBe("chart_restricted");
    expect(await outsider.does("allergy.add", fact(), at(2.5))).toBe("chart_restricted");
    expect((await practice.audit(before)).map(({ breakGlassId }) => breakGlassId)).toEqual([
      id,
      undefined,
      undefined,
    ]);
  });
});

describe("who may", () => {
  it("is nobody without a chart: refused with a record of whose it was", async () => {
    for (const username of ["frontdesk", "admin", "it", "privacy", "security"]) {
      const before = await practice.head();
      expect((await begin(await practice.signIn(username))).status, username).toBe(403);
      const denied = (await practice.audit(before)).find(({ action }) => action === "access.denied");
      expect(denied, username).toMatchObject({
        permission: "break-glass:begin",
        patientId,
        outcome: "denied",
      });
    }
    expect(await practice.owner("select 1 from break_glass where patient_id = $1", [patientId])).toEqual([]);
  });

  it("is no token, whatever it may do", async () => {
    const { token } = await practice.practice.ledger
      .transact(async (tx) => {
        const { registerToken } = await import("#server/token/index.ts");
        return registerToken(practice.practice, tx, {
          kind: "token.register",
          tokenId: newId(),
          purpose: "labs",
          scopes: ["results:write", "demographics:read"],
          days: 1,
        } as never);
      })
      .then(({ result }) => result);
    expect((await begin(`Bearer ${token}`)).status).toBe(403);
    expect((await practice.request(`Bearer ${token}`, "GET", "/api/break-glass")).status).toBe(403);
  });

  it("gives the password, and is refused with a record when it is wrong", async () => {
    const outsider = await practice.signIn("clinician2");
    const before = await practice.head();
    const wrong = await begin(outsider, given({ password: "not the password" }));
    expect([wrong.status, wrong.body.code]).toEqual([401, "wrong_credentials"]);
    expect((await practice.audit(before)).map(({ action }) => action)).toContain("session.refused");
    expect(await charts(outsider, patientId)).toEqual([]);
  });

  it("says why in a code and in words", async () => {
    const outsider = await practice.signIn("clinician2");
    for (const change of [
      { reason: "curious" },
      { words: "  " },
      { words: "x".repeat(501) },
      { until: "2099" },
    ])
      expect((await begin(outsider, given(change))).body.code, JSON.stringify(change)).toBe(
        "malformed_request",
      );
  });

  it("needs it: a chart that is open already has no glass", async () => {
    const outsider = await practice.signIn("clinician2");
    expect((await begin(outsider, given(), people.patient(18))).body.code).toBe("chart_is_open");
    expect((await begin(insider.session)).body.code).toBe("chart_is_open");
    expect((await begin(outsider, given(), newId())).status).toBe(404);
    const first = given();
    const answers = [await begin(outsider, first), await begin(outsider, first)];
    expect(answers.map(({ body }) => body.id)).toEqual([first.id, first.id]); // a lost reply
    expect((await begin(outsider)).body.code).toBe("chart_is_open");
    expect((await begin(await practice.signIn("nurse"), first)).body.code).toBe("already_exists");
  });

  it("reads in that role on that device alone", async () => {
    await practice.addPerson(`two${index}`, ["clinician", "nurse", "front-desk"]);
    const clinician = await atWork(practice, `two${index}`, { role: "clinician" });
    await began(clinician.session);
    expect(await charts(clinician.session, patientId)).toHaveLength(1);
    for (const role of ["nurse", "front-desk"] as const) {
      const other = await atWork(practice, `two${index}`, { role, device: clinician.session.deviceId });
      expect(await charts(other.session, patientId), role).toEqual([]);
      expect(await other.does("allergy.add", fact()), role).toBe(
        role === "nurse" ? "chart_restricted" : "forbidden",
      );
    }
    const elsewhere = await atWork(practice, `two${index}`, { role: "clinician" });
    expect(await charts(elsewhere.session, patientId)).toEqual([]);
  });

  it("is void once somebody is shut out, and does not come back with them", async () => {
    const userId = await practice.addPerson(`leaver${index}`, ["clinician"]);
    const leaver = await atWork(practice, `leaver${index}`);
    const { id } = await began(leaver.session);
    const admin = await practice.signIn("admin");
    const before = await practice.head();
    expect(
      (await practice.request(admin, "POST", `/api/users/${userId}/disable`, { reason: "left" })).status,
    ).toBe(204);
    expect((await practice.audit(before)).filter(({ breakGlassId }) => breakGlassId === id)).toMatchObject([
      { action: "break-glass.ended", reason: "rights" },
    ]);
    await practice.owner("update app_user set disabled_at = null where id = $1", [userId]);
    await behindItsBack("staff", `active = true where id = '${userId}'`);
    const back = await practice.signIn(`leaver${index}`, { device: leaver.session.deviceId });
    expect(await charts(back, patientId)).toEqual([]);
  });
});

describe("the privacy officer", () => {
  it("sees who opened whose chart, when, why, and what was done under it", async () => {
    const outsider = await atWork(practice, "clinician2");
    const privacy = await practice.signIn("privacy");
    const before = await waiting(privacy);
    const { id } = await began(outsider.session);
    await startVisit(practice, await practice.signIn("clinician"), 1, people.patient(18));
    await outsider.does("patient.openChart", { id: patientId });
    await outsider.does("allergy.add", fact());
    await outsider.does("allergy.add", fact());
    expect(await waiting(privacy)).toEqual({ waiting: before.waiting + 1, overdue: before.overdue });
    const item = await listed(privacy, id);
    expect(item).toMatchObject({
      patientId,
      userId: people.clinician2,
      reason: "emergency",
      words: "WORDS unconscious in the waiting room",
      overdue: false,
      reviewedAt: null,
    });
    expect(item.under.map(({ action, count }) => [action, count])).toEqual([
      ["chart.opened", 1],
      ["allergy.added", 2],
    ]);
    expect(JSON.stringify(item)).not.toContain("Latex");
  });

  it("reviews it once, when it is over, and says what was wrong where something was", async () => {
    const outsider = await atWork(practice, "clinician2");
    const privacy = await practice.signIn("privacy");
    const { id } = await began(outsider.session);
    expect((await review(privacy, id)).body.code).toBe("glass_is_broken");
    await outsider.does("break-glass.end", { id });
    expect((await review(privacy, id, { outcome: "not-justified", note: " " })).body.code).toBe(
      "malformed_request",
    );
    const before = await practice.head();
    const done = await review(privacy, id, { outcome: "not-justified", note: "WORDS a neighbour's chart" });
    expect(done.body).toMatchObject({
      outcome: "not-justified",
      reviewedBy: privacy.user.id,
      overdue: false,
    });
    const records = await practice.audit(before);
    expect(records).toMatchObject([
      {
        action: "break-glass.reviewed",
        reason: "not-justified",
        colleagueId: people.clinician2,
        breakGlassId: id,
      },
    ]);
    expect(JSON.stringify(records)).not.toContain("WORDS");
    expect((await review(privacy, id)).body.code).toBe("already_reviewed");
    expect((await review(privacy, newId())).status).toBe(404);
    // What was found is the officer's: the tablets of whoever opened it learn nothing of it.
    const tablet = testClient(practice, outsider.session);
    await tablet.pull();
    expect(tablet.wire.join("")).not.toContain("neighbour");
  });

  it("is the only one who does, and never of what they opened themselves", async () => {
    await practice.addPerson(`both${index}`, ["clinician", "privacy-officer"]);
    const clinical = await atWork(practice, `both${index}`, { role: "clinician" });
    const { id } = await began(clinical.session);
    await clinical.does("break-glass.end", { id });
    const officer = await practice.signIn(`both${index}`, { role: "privacy-officer" });
    const privacy = await practice.signIn("privacy");
    const before = await practice.head();
    expect((await review(officer, id)).body.code).toBe("own_review");
    expect(await practice.audit(before)).toMatchObject([
      { action: "access.denied", reason: "own_review", resource: { type: "break-glass", id } },
    ]);
    expect((await waiting(officer)).waiting).toBe((await waiting(privacy)).waiting - 1);
    for (const username of ["clinician", "clinician2", "frontdesk", "admin", "security", "it"]) {
      const other = await practice.signIn(username);
      expect((await review(other, id)).status, username).toBe(403);
      for (const path of ["/api/break-glass", "/api/break-glass/waiting"])
        expect((await practice.request(other, "GET", path)).status, username).toBe(403);
    }
    expect((await review(privacy, id)).status).toBe(200);
  });

  it("is late after three working days", async () => {
    const outsider = await atWork(practice, "clinician2");
    const privacy = await practice.signIn("privacy");
    const { id } = await began(outsider.session);
    const before = await waiting(privacy);
    await older(id, 24 * HOUR);
    expect(await listed(privacy, id)).toMatchObject({ overdue: false });
    await older(id, 7 * 24 * HOUR);
    expect(await listed(privacy, id)).toMatchObject({ overdue: true });
    expect(await waiting(privacy)).toEqual({ waiting: before.waiting, overdue: before.overdue + 1 });
    await review(privacy, id);
    expect(await listed(privacy, id)).toMatchObject({ overdue: false, outcome: "justified" });
  });
});
