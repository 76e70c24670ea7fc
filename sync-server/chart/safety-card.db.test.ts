import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { type SafetyCard, safetyCardIdOf, safetyCardSchema } from "#domain/safety-card/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: AtWork;
let next = 6;
beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await atWork(practice, "clinician");
});
afterAll(() => practice.close());

/** A patient whose chart no other test touches. */
const somebody = () => people.patient(next++);
const cardOf = async (patientId: string) => {
  const [row] = await practice.owner<SafetyCard & { stream: string; version: number }>(
    'select *, patient_id as "patientId", birth_date::text as "birthDate" from safety_card where id = $1',
    [safetyCardIdOf(patientId)],
  );
  return row!;
};
const allergyOf = (patientId: string, substance = "Penicillins") => ({
  id: newId(),
  patientId,
  encounterId: null,
  substance,
});
const noAllergies = (patientId: string) => ({
  id: noneKnownIdOf(patientId, "allergies"),
  patientId,
  list: "allergies" as const,
});

describe("C01: what is known of a list", () => {
  it("is 'not asked' until somebody asked, then says who found none and when, then lists", async () => {
    const patientId = somebody();
    expect((await cardOf(patientId)).allergies).toEqual({ state: "not-asked" });
    await clinician.does("none-known.assert", noAllergies(patientId));
    expect((await cardOf(patientId)).allergies).toMatchObject({
      state: "none-known",
      by: people.clinician,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    await clinician.does("allergy.add", allergyOf(patientId));
    expect((await cardOf(patientId)).allergies).toMatchObject({
      state: "listed",
      entries: [{ substance: "Penicillins", reported: false }],
    });
    expect((await cardOf(patientId)).medications).toEqual({ state: "not-asked" });
  });

  it("is 'not asked' again, and never 'none', when the last entry was refuted or the assertion taken back", async () => {
    const patientId = somebody();
    const allergy = allergyOf(patientId);
    await clinician.does("none-known.assert", noAllergies(patientId));
    await clinician.does("allergy.add", allergy);
    const { id: seen } = (
      await practice.owner<{ last_change: { id: string } }>("select last_change from allergy where id = $1", [
        allergy.id,
      ])
    )[0]!.last_change;
    const refuted = { id: allergy.id, patientId, statusReason: "Challenge was negative", seen };
    expect(await clinician.does("allergy.refute", refuted)).toBe("applied");
    expect((await cardOf(patientId)).allergies).toEqual({ state: "not-asked" });
    await clinician.does("none-known.assert", noAllergies(patientId));
    await clinician.does("none-known.retire", { id: noAllergies(patientId).id, patientId });
    expect((await cardOf(patientId)).allergies).toEqual({ state: "not-asked" });
  });
});

describe("C02: none known", () => {
  const lists = [
    ["allergies", "allergy.add", { substance: "Latex" }],
    ["medications", "medication.add", { name: "lisinopril" }],
    ["problems", "problem.add", { title: "Essential hypertension" }],
  ] as const;
  it.each(lists)(
    "%s: the first entry retires it, and it cannot be said while one stands",
    async (list, name, words) => {
      const patientId = somebody();
      const assertion = { id: noneKnownIdOf(patientId, list), patientId, list };
      expect(await clinician.does("none-known.assert", assertion)).toBe("applied");
      const entry = { id: newId(), patientId, encounterId: null, ...words };
      expect(await clinician.does(name, entry as never)).toBe("applied");
      const [row] = await practice.owner("select by, retired_at from none_known where id = $1", [
        assertion.id,
      ]);
      expect(row).toMatchObject({ by: people.clinician, retired_at: expect.any(Date) });
      expect(await clinician.does("none-known.assert", assertion)).toBe("already_exists");
      expect((await cardOf(patientId))[list]).toMatchObject({ state: "listed" });
    },
  );
});

describe("C02, C03: two tablets at once", () => {
  it("leave a card with both entries, and never an entry beside 'none known'", async () => {
    const nurse = await atWork(practice, "nurse");
    const desk = await atWork(practice, "frontdesk");
    for (let round = 0; round < 5; round++) {
      const [first, second] = [newId(), newId()];
      for (const id of [first, second])
        await desk.does("patient.register", {
          id,
          givenName: "Ada",
          familyName: "Trial-Both",
          birthDate: "1960-05-04",
          phone: "",
        });
      const [one, other] = await Promise.all([
        clinician.does("allergy.add", allergyOf(first, "Latex")),
        nurse.does("allergy.add", allergyOf(first, "Peanut")),
      ]);
      expect([one, other]).toEqual(["applied", "applied"]);
      const { allergies } = await cardOf(first);
      expect(allergies).toMatchObject({ state: "listed" });
      expect(allergies.state === "listed" && allergies.entries).toHaveLength(2);

      const [added] = await Promise.all([
        clinician.does("allergy.add", allergyOf(second)),
        nurse.does("none-known.assert", noAllergies(second)),
      ]);
      expect(added).toBe("applied");
      expect(
        await practice.owner("select 1 from none_known where patient_id = $1 and retired_at is null", [
          second,
        ]),
      ).toEqual([]);
    }
  });
});

describe("C03: the safety card", () => {
  it("says everything that must be known first, in the form that the tablet expects", async () => {
    const patientId = somebody();
    const at = { patientId, encounterId: null };
    await clinician.does("alert.add", {
      id: newId(),
      ...at,
      kind: "code-status",
      text: "Do not resuscitate",
    });
    await clinician.does("medication.add", { id: newId(), ...at, name: "warfarin", dose: "5 mg" });
    await clinician.does("problem.add", { id: newId(), ...at, title: "Atrial fibrillation", code: "I48.91" });
    const client = testClient(practice, clinician.session);
    await client.pull();
    const card = client.published.get(`${streams.safety}/${safetyCardIdOf(patientId)}`)!.data;
    expect(safetyCardSchema.parse(card)).toMatchObject({
      alerts: [{ kind: "code-status", text: "Do not resuscitate" }],
      medications: { entries: [{ name: "warfarin", dose: "5 mg", pending: [] }] },
      problems: { entries: [{ title: "Atrial fibrillation", code: "I48.91" }] },
      allergies: { state: "not-asked" },
      restricted: false,
    });
  });

  it("follows in the same transaction as the fact, or neither of them stands", async () => {
    const patientId = somebody();
    await clinician.does("allergy.add", allergyOf(patientId));
    await practice.owner(
      "alter table safety_card add constraint no_room check (allergies::text not like '%No room%')",
    );
    try {
      expect(await clinician.does("allergy.add", allergyOf(patientId, "No room"))).not.toBe("applied");
    } catch (error) {
      expect(String(error)).toMatch(/push/);
    } finally {
      await practice.owner("alter table safety_card drop constraint no_room");
    }
    expect(
      await practice.owner("select substance from allergy where patient_id = $1 order by 1", [patientId]),
    ).toEqual([{ substance: "Penicillins" }]);
    expect((await cardOf(patientId)).allergies).toMatchObject({ entries: [{ substance: "Penicillins" }] });
  });

  it("is on every clinical tablet whatever its window, and on no other", async () => {
    const patientId = somebody();
    await clinician.does("allergy.add", allergyOf(patientId, "Latex"));
    for (const [username, has] of [
      ["clinician2", true],
      ["nurse", true],
      ["frontdesk", false],
      ["it", false],
      ["privacy", false],
    ] as const) {
      const client = testClient(practice, await practice.signIn(username));
      await client.pull();
      expect(client.streams.has(`chart:${patientId}`), username).toBe(false);
      expect(client.published.has(`${streams.safety}/${safetyCardIdOf(patientId)}`), username).toBe(has);
      if (!has) expect(client.wire.join(""), username).not.toContain("Latex");
    }
  });

  it("of a restricted chart is only where that chart is", async () => {
    const patientId = somebody();
    await clinician.does("allergy.add", allergyOf(patientId, "Latex"));
    const outsider = testClient(practice, await practice.signIn("clinician2"));
    await outsider.pull();
    const card = safetyCardIdOf(patientId);
    expect(outsider.published.has(`${streams.safety}/${card}`)).toBe(true);
    await clinician.does("care-team.restrict", {
      id: careTeamIdOf(patientId),
      patientId,
      memberIds: [people.clinician],
    });
    expect((await cardOf(patientId)).stream).toBe(streams.chart(patientId));
    await outsider.pull();
    expect([...outsider.published.keys()].filter((key) => key.endsWith(card))).toEqual([]);
    const member = testClient(practice, clinician.session);
    member.want.push(streams.chart(patientId));
    await member.pull();
    expect(member.published.get(`${streams.chart(patientId)}/${card}`)?.data).toMatchObject({
      restricted: true,
      allergies: { state: "listed" },
    });
    // A fact entered after the restriction reaches the card, and the card stays where it is.
    await clinician.does("alert.add", {
      id: newId(),
      patientId,
      encounterId: null,
      kind: "safety",
      text: "Fall risk",
    });
    expect(await cardOf(patientId)).toMatchObject({
      stream: streams.chart(patientId),
      alerts: [{ text: "Fall risk" }],
    });
  });
});
