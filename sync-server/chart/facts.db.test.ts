import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { noteIdOf, revisionHash } from "#domain/note/index.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { safetyCardIdOf } from "#domain/safety-card/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { noteText, people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: AtWork;
let nurse: AtWork;
const patientId = people.patient(8);
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());
beforeEach(async () => {
  clinician = await atWork(practice, "clinician");
  nurse = await atWork(practice, "nurse");
});

const entry = () => ({ id: newId(), patientId, encounterId: null });
const rowOf = async <T = Record<string, unknown>>(table: string, id: string) =>
  (
    await practice.owner<T & { last_change: { id: string; by: string } }>(
      `select * from ${table} where id = $1`,
      [id],
    )
  )[0]!;
const seenOf = async (table: string, id: string) => (await rowOf(table, id)).last_change.id;
const dosage = { dose: "20 mg", route: "by mouth", frequency: "once daily", instructions: "" };

describe("C10: what a nurse enters", () => {
  const added = [
    ["problem", "problem.add", "problem.confirm", { title: "Essential hypertension" }],
    ["medication", "medication.add", "medication.confirm", { name: "lisinopril" }],
    ["allergy", "allergy.add", "allergy.confirm", { substance: "Latex" }],
  ] as const;

  it.each(added)(
    "%s: is reported until a clinician confirms it; a nurse cannot",
    async (table, add, confirm, words) => {
      const args = { ...entry(), ...words } as never as { id: string };
      expect(await nurse.does(add, args as never)).toBe("applied");
      expect(await rowOf(table, args.id)).toMatchObject({
        verification: "reported",
        recorded_by: people.nurse,
      });
      expect(await nurse.does(confirm, { id: args.id, patientId })).toBe("forbidden");
      expect(await rowOf(table, args.id)).toMatchObject({ verification: "reported" });
      expect(await clinician.does(confirm, { id: args.id, patientId })).toBe("applied");
      expect(await rowOf(table, args.id)).toMatchObject({
        verification: "confirmed",
        recorded_by: people.nurse,
        last_change: { by: people.clinician },
      });
    },
  );

  it("is reported again when she corrects what a clinician confirmed", async () => {
    const [problem, medication] = [
      { ...entry(), title: "Asthma" },
      { ...entry(), name: "metformin" },
    ];
    await clinician.does("problem.add", problem);
    await clinician.does("medication.add", medication);
    const corrected = { id: problem.id, patientId, title: "Asthma, mild", code: null, onset: null, note: "" };
    const seen = await seenOf("problem", problem.id);
    expect(await nurse.does("problem.correct", { ...corrected, seen })).toBe("applied");
    expect(await rowOf("problem", problem.id)).toMatchObject({
      title: "Asthma, mild",
      verification: "reported",
    });
    const dose = { id: medication.id, patientId, ...dosage, seen: await seenOf("medication", medication.id) };
    expect(await nurse.does("medication.changeDose", dose)).toBe("applied");
    expect(await rowOf("medication", medication.id)).toMatchObject({
      dose: "20 mg",
      verification: "reported",
    });
    const [card] = await practice.owner<{ medications: unknown }>(
      "select medications from safety_card where id = $1",
      [safetyCardIdOf(patientId)],
    );
    expect(JSON.stringify(card!.medications)).toContain("20 mg");
  });

  it("may be a note of her own, which she signs, and never a signature on the clinician's", async () => {
    const visit = await startVisit(practice, await practice.signIn("clinician"), 1, patientId);
    const { encounterId } = visit;
    const content = noteText("Blood pressure check, 128/78.");
    const write = (id: string, kind: "visit" | "nurse", revisionId: string) => ({
      id,
      encounterId,
      patientId,
      revisionId,
      base: null,
      content,
      changed: ["subjective" as const],
      kind,
    });
    const [own, ownRevision, prepared] = [newId(), newId(), newId()];
    expect(await nurse.does("note.revise", write(own, "nurse", ownRevision))).toBe("applied");
    expect(await nurse.does("note.revise", write(noteIdOf(encounterId), "visit", prepared))).toBe("applied");
    const signature = (id: string, revisionId: string) => ({
      id,
      revisionId,
      hash: revisionHash(id, content),
    });
    const theirs = signature(noteIdOf(encounterId), prepared);
    expect(await nurse.does("note.sign", theirs)).toBe("forbidden");
    expect(await nurse.does("note.signNurseNote", theirs)).toBe("forbidden");
    expect(await nurse.does("note.signNurseNote", signature(own, ownRevision))).toBe("applied");
    expect(await rowOf("note", own)).toMatchObject({ status: "signed", author_id: people.nurse });
    expect(await rowOf("note", noteIdOf(encounterId))).toMatchObject({
      status: "draft",
      author_id: people.clinician,
    });
  });
});

describe("C10: a nurse's note outside a visit", () => {
  const content = noteText("Phone call, two identifiers checked. Cough is better.");
  const write = (id: string, change: Partial<ArgsOf<"note.revise">> = {}) => ({
    id,
    encounterId: null,
    patientId,
    revisionId: newId(),
    base: null,
    content,
    changed: ["subjective" as const],
    kind: "nurse" as const,
    ...change,
  });

  it("is drafted in pieces, signed by her, and stands in the chart without a visit", async () => {
    const [id, first, second] = [newId(), newId(), newId()];
    const begun = { revisionId: first, content: noteText("Phone call") };
    expect(await nurse.does("note.revise", write(id, begun))).toBe("applied");
    expect(await nurse.does("note.revise", write(id, { revisionId: second, base: first }))).toBe("applied");
    expect(await rowOf("note", id)).toMatchObject({ status: "draft", encounter_id: null, content });
    const signature = { id, revisionId: second, hash: revisionHash(id, content) };
    expect(await nurse.does("note.signNurseNote", signature)).toBe("applied");
    expect(await rowOf("note", id)).toMatchObject({
      status: "signed",
      author_id: people.nurse,
      stream: `chart:${patientId}`,
    });
  });

  it("is never a clinician's, of nobody, or carried to another patient", async () => {
    const id = newId();
    expect(await clinician.does("note.revise", write(newId(), { kind: "visit" }))).toBe("invalid_arguments");
    expect(await nurse.does("note.revise", write(newId(), { patientId: newId() }))).toBe("missing_parent");
    expect(await nurse.does("note.revise", write(id))).toBe("applied");
    const elsewhere = write(id, { patientId: people.patient(7) });
    expect(await nurse.does("note.revise", elsewhere)).toBe("invalid_arguments");
    await expect(practice.owner("update note set kind = 'visit' where id = $1", [id])).rejects.toThrow(
      "note_visit",
    );
  });
});

describe("C12: allergies and medications", () => {
  it("lets only a clinician refute, end or strike an allergy", async () => {
    const allergy = { ...entry(), substance: "Sulfonamides" };
    await clinician.does("allergy.add", allergy);
    const on = { id: allergy.id, patientId, statusReason: "The patient says so" };
    const seen = await seenOf("allergy", allergy.id);
    const before = await practice.head();
    expect([
      await nurse.does("allergy.refute", { ...on, seen }),
      await nurse.does("allergy.end", { ...on, seen }),
      await nurse.does("allergy.enterInError", on),
    ]).toEqual(["forbidden", "forbidden", "forbidden"]);
    expect((await practice.audit(before)).map(({ action }) => action)).toEqual(
      Array(3).fill("access.denied"),
    );
    expect(await rowOf("allergy", allergy.id)).toMatchObject({ status: "active" });
    expect(await clinician.does("allergy.refute", { ...on, seen })).toBe("applied");
    expect(await rowOf("allergy", allergy.id)).toMatchObject({
      status: "refuted",
      status_reason: "The patient says so",
    });
  });

  it("refuses a decision about an allergy that changed since it was looked at", async () => {
    const allergy = { ...entry(), substance: "Peanut" };
    await clinician.does("allergy.add", allergy);
    const seen = await seenOf("allergy", allergy.id);
    const correction = {
      id: allergy.id,
      patientId,
      reactions: ["hives"],
      severity: "severe" as const,
      note: "",
    };
    expect(await nurse.does("allergy.correct", { ...correction, seen })).toBe("applied");
    const end = { id: allergy.id, patientId, statusReason: "outgrown", seen };
    expect(await clinician.does("allergy.end", end)).toBe("entry_changed");
    expect(await rowOf("allergy", allergy.id)).toMatchObject({ status: "active", severity: "severe" });
  });

  const prescribed = async () => {
    const medication = { ...entry(), name: "lisinopril", dose: "10 mg", frequency: "once daily" };
    await clinician.does("medication.add", medication);
    const seen = await seenOf("medication", medication.id);
    return { id: medication.id, seen };
  };
  type Row = {
    status: string;
    dose: string;
    pending: { id: string; change: string; dose?: string; reason?: string }[];
  };
  const medication = (id: string) => rowOf<Row>("medication", id);
  const onCard = async (id: string) => {
    const [row] = await practice.owner<{ pending: string[] }>(
      `select e -> 'pending' as pending from safety_card c,
         jsonb_array_elements(c.medications -> 'entries') with ordinality as list(e, place)
       where c.patient_id = $1 and place = (select count(*) from medication m where m.patient_id = $1
         and m.status = 'active' and (m.recorded_at, m.id) <= (select recorded_at, id from medication where id = $2))`,
      [patientId, id],
    );
    return row?.pending;
  };

  it("lets a stop made on an old state wait beside the entry, on the card too, until a clinician takes it", async () => {
    const { id, seen } = await prescribed();
    await clinician.does("medication.changeDose", { id, patientId, ...dosage, seen });
    const stop = { id, patientId, stoppedOn: "2026-06-01", stopReason: "cough", seen };
    expect(await nurse.does("medication.stop", stop)).toBe("applied");
    const waiting = await medication(id);
    expect(waiting).toMatchObject({ status: "active", dose: "20 mg", pending: [{ change: "stop" }] });
    expect(await onCard(id)).toEqual(["stop"]);
    const decision = { id, patientId, pendingId: waiting.pending[0]!.id, decision: "take" as const };
    expect(await nurse.does("medication.decide", decision)).toBe("forbidden");
    expect(await medication(id)).toMatchObject({ status: "active" });
    expect(await clinician.does("medication.decide", decision)).toBe("applied");
    expect(await medication(id)).toMatchObject({ status: "stopped", stop_reason: "cough", pending: [] });
  });

  it("keeps the entry as it is when a clinician drops the waiting change", async () => {
    const { id, seen } = await prescribed();
    await clinician.does("medication.changeDose", { id, patientId, ...dosage, seen });
    await nurse.does("medication.changeDose", { id, patientId, ...dosage, dose: "40 mg", seen });
    const { pending } = await medication(id);
    expect(pending).toMatchObject([{ change: "dose", dose: "40 mg" }]);
    expect(await onCard(id)).toEqual(["dose"]);
    const drop = { id, patientId, pendingId: pending[0]!.id, decision: "drop" as const };
    expect(await clinician.does("medication.decide", drop)).toBe("applied");
    expect(await medication(id)).toMatchObject({ status: "active", dose: "20 mg", pending: [] });
  });

  it("stops at once what nobody changed meanwhile, and a stopped entry changes no more", async () => {
    const { id, seen } = await prescribed();
    const stop = { id, patientId, stoppedOn: "2026-06-01", stopReason: "", seen };
    expect(await clinician.does("medication.stop", stop)).toBe("applied");
    expect(await medication(id)).toMatchObject({ status: "stopped", pending: [] });
    expect(await clinician.does("medication.changeDose", { id, patientId, ...dosage, seen })).toBe(
      "entry_closed",
    );
  });
});
