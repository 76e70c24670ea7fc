import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import type { Approval } from "#domain/approval/index.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { after } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { expire } from "../approval/approvals.ts";
import { withClient } from "../operations/postgres-roles.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { merging } from "../testing/merging.ts";
import { testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let desk: TestSession;
let admin: TestSession;
let privacy: TestSession;
let clinician: AtWork;
let merges: ReturnType<typeof merging>;
let next = 1;

beforeAll(async () => {
  practice = await openTestPractice();
  desk = await practice.signIn("frontdesk");
  admin = await practice.signIn("admin");
  privacy = await practice.signIn("privacy");
  clinician = await atWork(practice, "clinician");
  merges = merging(practice);
});
afterAll(() => practice.close());

/** Two patients that no other test touches. */
async function pair(): Promise<[string, string]> {
  const ids: [string, string] = [newId(), newId()];
  for (const id of ids)
    await clinician.does("patient.register", {
      id,
      givenName: "Ida",
      familyName: `Trial-Pair ${next++}`,
      birthDate: "1970-02-03",
    });
  return ids;
}
const pendingOf = async (id: string) =>
  (
    await practice.owner<{ merge_pending: unknown }>("select merge_pending from patient where id = $1", [id])
  )[0]!.merge_pending;
const restrict = (patientId: string, memberIds: string[]) =>
  clinician.does("care-team.restrict", { id: careTeamIdOf(patientId), patientId, memberIds });

describe("who may ask and who decides (C07)", () => {
  it("desk, clinician and administrator ask; nobody else does", async () => {
    for (const [username, status] of [
      ["frontdesk", 200],
      ["clinician", 200],
      ["admin", 200],
      ["nurse", 403],
      ["it", 403],
      ["privacy", 403],
      ["security", 403],
    ] as const) {
      const who = await practice.signIn(username);
      const [merged, kept] = [newId(), newId()];
      const answer = await merges.ask(who, "merge", merged, kept);
      // Rights are judged before anybody learns whether such records exist.
      expect([answer.status, answer.body.code], username).toEqual(
        status === 200 ? [404, "not_found"] : [403, "forbidden"],
      );
    }
  });

  it("the administrator or the privacy officer decides, and never the one who asked", async () => {
    const { body: asked } = await merges.ask(admin, "merge", ...(await pair()));
    expect((await merges.decide(admin, asked)).body.code).toBe("self_approval");
    for (const username of ["security", "clinician", "frontdesk"])
      expect((await merges.decide(await practice.signIn(username), asked)).body.code, username).toBe(
        "forbidden",
      );
    expect((await merges.decide(privacy, asked, { digest: "0".repeat(64) })).body.code).toBe(
      "approval_changed",
    );
    expect((await merges.decide(privacy, asked)).body.status).toBe("approved");
    expect((await merges.execute(desk, asked)).body.code).toBe("not_yours");
    expect((await merges.execute(admin, asked)).body.approval.status).toBe("executed");
  });

  it("shows both records in the desk's words, to those who ask and those who decide alone", async () => {
    const [merged, kept] = await pair();
    await clinician.does("allergy.add", {
      id: newId(),
      patientId: merged,
      encounterId: null,
      substance: "PLANTED",
    });
    await clinician.does("patient.markDeceased", { id: kept, deceasedOn: "2026-01-02" });
    await restrict(merged, [people.clinician]);
    const { body: asked, text } = await merges.ask(desk, "merge", merged, kept);
    expect(asked.difference.records).toMatchObject({
      merged: { id: merged, deceasedOn: null },
      kept: { id: kept, deceasedOn: "2026-01-02" },
    });
    // Neither a word of the chart nor who may read it.
    expect(text).not.toMatch(/PLANTED|readers|restrict/);
    expect((await merges.seenBy(desk, asked))?.difference.records?.readers).toBeUndefined();
    expect((await merges.seenBy(privacy, asked))?.difference.records?.readers).toEqual({
      before: { merged: [people.clinician], kept: null },
      after: { merged: [people.clinician], kept: [people.clinician] },
    });
    for (const username of ["frontdesk2", "clinician2", "it", "security"])
      expect(await merges.seenBy(await practice.signIn(username), asked), username).toBeUndefined();
    await merges.withdraw(desk, asked);
  });

  it("is void when a record changed between the look and the deed", async () => {
    const [merged, kept] = await pair();
    const { body: asked } = await merges.ask(desk, "merge", merged, kept);
    await merges.decide(privacy, asked);
    await clinician.does("patient.update", { id: kept, birthDate: "1950-01-01" });
    expect((await merges.execute(desk, asked)).body.code).toBe("approval_changed");
    const [row] = await practice.owner("select merged_into from patient where id = $1", [merged]);
    expect(row).toEqual({ merged_into: null });
    await merges.withdraw(desk, asked);
  });
});

describe("C07: both banners warn while pending", () => {
  it("from the request until it is decided against, withdrawn, runs out or is done", async () => {
    const [merged, kept] = await pair();
    const both = async () => [await pendingOf(merged), await pendingOf(kept)];
    const ask = async () => (await merges.ask(desk, "merge", merged, kept)).body;
    const waits = (approvalId: string, approved: boolean) =>
      [kept, merged].map((withId) => ({ approvalId, kind: "merge", withId, approved }));

    const denied = await ask();
    expect(await both()).toEqual(waits(denied.id, false));
    const tablet = testClient(practice, await practice.signIn("nurse"));
    await tablet.pull();
    expect(tablet.published.get(`${streams.demographics}/${merged}`)?.data).toMatchObject({
      mergePending: { withId: kept, approved: false },
    });
    await merges.decide(privacy, denied, { decision: "deny" });
    expect(await both()).toEqual([null, null]);
    await tablet.pull();
    expect(tablet.published.get(`${streams.demographics}/${merged}`)?.data).toMatchObject({
      mergePending: null,
    });

    const withdrawn = await ask();
    await merges.decide(admin, withdrawn);
    expect(await both()).toEqual(waits(withdrawn.id, true));
    await merges.withdraw(desk, withdrawn);
    expect(await both()).toEqual([null, null]);

    const late = await ask();
    await practice.owner("update approval set closes_at = now() - interval '1 second' where id = $1", [
      late.id,
    ]);
    await expire(practice.practice);
    expect(await both()).toEqual([null, null]);
  });

  it("a record takes part in one request at a time, and in a new one once the old ran out", async () => {
    const [merged, kept] = await pair();
    const [third] = await pair();
    const { body: first } = await merges.ask(desk, "merge", merged, kept);
    const { body: second } = await merges.ask(admin, "merge", third, kept);
    expect(second).toMatchObject({ code: "merge_waiting", detail: expect.stringContaining(first.id) });
    expect(await pendingOf(third)).toBeNull(); // the refused one left no mark behind
    await practice.owner("update approval set closes_at = now() - interval '1 second' where id = $1", [
      first.id,
    ]);
    expect((await merges.ask(admin, "merge", third, kept)).status).toBe(200);
  });

  it("also while nobody else could approve: the one who asked waits a day before confirming", async () => {
    const [merged, kept] = await pair();
    const standing = (disabled: string) =>
      practice.owner(`update app_user set disabled_at = ${disabled} where id = $1`, [privacy.user.id]);
    await standing("now()");
    const { body: asked } = await merges.ask(admin, "merge", merged, kept);
    await standing("null");
    expect(asked.singlePerson).toBe(true);
    expect(await pendingOf(merged)).toMatchObject({ approvalId: asked.id });
    expect((await merges.decide(admin, asked)).body.code).toBe("approval_not_open");
    await practice.owner("update approval set opens_at = now() - interval '1 second' where id = $1", [
      asked.id,
    ]);
    expect((await merges.decide(admin, asked)).body.status).toBe("approved");
    expect((await merges.execute(admin, asked)).body.approval.status).toBe("executed");
  });

  it("is not something that a tablet sets or clears", async () => {
    const [merged, kept] = await pair();
    for (const forged of [{ mergedInto: kept }, { mergePending: null }, { mergedAt: null }])
      expect(await clinician.does("patient.update", { id: merged, ...forged } as never)).toBe(
        "invalid_arguments",
      );
  });
});

describe("C16: restricted charts", () => {
  const chartOn = async (username: string, patientId: string) => {
    const tablet = testClient(practice, await practice.signIn(username));
    tablet.want.push(streams.chart(patientId));
    await tablet.pull();
    return { tablet, chart: tablet.streams.has(streams.chart(patientId)) };
  };

  it("merged charts are restricted when one is, and open to who may open both", async () => {
    const [merged, kept] = await pair();
    await clinician.does("allergy.add", {
      id: newId(),
      patientId: merged,
      encounterId: null,
      substance: "HIDDEN",
    });
    await restrict(merged, [people.clinician, people.nurse]);
    await restrict(kept, [people.clinician, people.clinician2]);
    await merges.done(desk, privacy, "merge", merged, kept);
    for (const [username, opens] of [
      ["clinician", true],
      ["nurse", false],
      ["clinician2", false],
    ] as const)
      for (const patientId of [merged, kept]) {
        const { tablet, chart } = await chartOn(username, patientId);
        expect(chart, username).toBe(opens);
        expect(tablet.wire.join("").includes("HIDDEN"), username).toBe(opens);
      }
    const nurse = await atWork(practice, "nurse");
    const fact = { id: newId(), patientId: merged, encounterId: null, substance: "Latex" };
    expect(await nurse.does("allergy.add", fact)).toBe("chart_restricted");
    // Restricting by the merged record's name restricts the person.
    expect(await restrict(merged, [people.clinician])).toBe("applied");
    const teams = await practice.owner("select member_ids from care_team where patient_id = $1", [kept]);
    expect(teams).toEqual([{ member_ids: [people.clinician] }]);
  });

  it("parting that lets somebody read again is the privacy officer's alone", async () => {
    const [merged, kept] = await pair();
    await restrict(merged, [people.clinician]);
    await merges.done(desk, admin, "merge", merged, kept);
    const { body: asked } = await merges.ask(desk, "unmerge", merged, kept);
    expect((await merges.decide(admin, asked)).body.code).toBe("forbidden");
    expect((await merges.decide(privacy, asked)).body.status).toBe("approved");
    await merges.execute(desk, asked);
    expect((await chartOn("clinician2", kept)).chart).toBe(true);
    expect((await chartOn("clinician2", merged)).chart).toBe(false);
  });

  it("is not approved where nobody could open the chart any more", async () => {
    const [merged, kept] = await pair();
    await restrict(merged, [people.clinician]);
    const other = await atWork(practice, "clinician2");
    await other.does("care-team.restrict", {
      id: careTeamIdOf(kept),
      patientId: kept,
      memberIds: [people.clinician2],
    });
    const { body: asked } = await merges.ask(desk, "merge", merged, kept);
    expect((await merges.decide(privacy, asked)).body.code).toBe("care_teams_apart");
    expect((await merges.decide(privacy, asked, { decision: "deny" })).body.status).toBe("denied");
  });
});

describe("work under way while two records are merged", () => {
  it("is done before the merge, or begins after it", async () => {
    const [merged, kept] = await pair();
    const { body: asked } = await merges.ask(desk, "merge", merged, kept);
    await merges.decide(privacy, asked);
    const intoOf = async () =>
      (
        await practice.owner<{ into: string | null }>(
          "select merged_into as into from patient where id = $1",
          [merged],
        )
      )[0]!.into;
    await withClient(practice.ownerUrl, async (client) => {
      // What a push holds until its commit.
      await client.query("begin; select pg_advisory_xact_lock_shared(hashtext('jamemr merge'))");
      const executing = merges.execute(desk, asked);
      await new Promise<void>((resolve) => void after(400, resolve));
      expect(await intoOf()).toBeNull();
      await client.query("commit");
      expect((await executing).body.approval.status).toBe("executed");
    });
    expect(await intoOf()).toBe(kept);
    await withClient(practice.ownerUrl, async (client) => {
      // What a merge holds until its commit.
      await client.query("begin; select pg_advisory_xact_lock(hashtext('jamemr merge'))");
      let settled = false;
      const added = clinician
        .does("allergy.add", { id: newId(), patientId: kept, encounterId: null, substance: "Latex" })
        .finally(() => {
          settled = true;
        });
      await new Promise<void>((resolve) => void after(400, resolve));
      expect(settled).toBe(false);
      await client.query("commit");
      expect(await added).toBe("applied");
    });
  });

  it("is on the survivor's card, whichever came first", async () => {
    const [merged, kept] = await pair();
    const { body: asked }: { body: Approval } = await merges.ask(desk, "merge", merged, kept);
    await merges.decide(privacy, asked);
    const nurse = await atWork(practice, "nurse");
    const substances = ["Latex", "Peanut", "Egg", "Penicillins"];
    const adding = (async () => {
      for (const substance of substances)
        expect(
          await nurse.does("allergy.add", { id: newId(), patientId: merged, encounterId: null, substance }),
        ).toBe("applied");
    })();
    const [executed] = await Promise.all([merges.execute(desk, asked), adding]);
    expect(executed.body.approval.status).toBe("executed");
    const [card] = await practice.owner<{ allergies: { entries: { substance: string }[] } }>(
      "select allergies from safety_card where patient_id = $1",
      [kept],
    );
    expect(card!.allergies.entries.map(({ substance }) => substance).sort()).toEqual([...substances].sort());
  });
});
