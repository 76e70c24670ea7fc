import { afterAll, beforeAll, expect, it } from "vitest";
import { auditBodySchema } from "#domain/audit/record.ts";
import { newSalt } from "#domain/capture/index.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { demographicsReviewIdOf } from "#domain/demographics-review/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { deriveId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { noteIdOf, revisionHash } from "#domain/note/index.ts";
import { type ArgsOf, type MutationName, mutations } from "#domain/registry.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { slices } from "../slices.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { completion, sealToServer } from "../testing/test-tablet.ts";
import { booking, noteText, people } from "../testing/visit.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

/** The same id for the same word, so that the list below reads as a story. */
const id = (word: string): string => deriveId("story", word);
const patientId = people.patient(6);
const other = people.patient(7);
const first = booking({ id: id("first"), patientId });
const second = booking({ id: id("second"), patientId: other });
const encounterId = encounterIdOf(first.id);
const otherEncounterId = encounterIdOf(second.id);
const visitNote = noteIdOf(encounterId);
const secret = noteText("SECRET WORDS");
const seenOf = (entry: string): string => id(`mutation ${entry}`);

type Step = { readonly [K in MutationName]: readonly [K, ArgsOf<K>, id?: string] }[MutationName];

const nurseNote = id("nurse note");
const fact = (word: string) => ({ id: id(word), patientId, encounterId });
const on = (word: string) => ({ id: id(word), patientId });
const joins = (word: string) => ({
  ...on(`${word} twice`),
  keptId: id(`${word} kept`),
  seen: seenOf(`${word} twice`),
  keptSeen: seenOf(`${word} kept`),
});
const dosage = { dose: "20 mg", route: "by mouth", frequency: "once daily", instructions: "" };
const signature = (noteId: string, revision: string) => ({
  id: noteId,
  revisionId: id(revision),
  hash: revisionHash(noteId, secret),
});
const revision = (noteId: string, word: string, kind: "visit" | "nurse") => ({
  id: noteId,
  encounterId,
  patientId,
  revisionId: id(word),
  base: null,
  content: secret,
  changed: ["subjective" as const],
  kind,
});

const schedule: Step[] = [
  ["appointment.book", first],
  ["appointment.confirm", { id: first.id }],
  ["appointment.checkIn", { id: first.id }],
  ["appointment.room", { id: first.id }],
  ["appointment.undo", { id: first.id }],
  ["appointment.walkIn", second],
  ["appointment.book", booking({ id: id("missed"), patientId })],
  ["appointment.miss", { id: id("missed") }],
  ["appointment.book", booking({ id: id("cancelled"), patientId })],
  [
    "appointment.move",
    { id: id("cancelled"), clinicianId: people.clinician2, start: "2031-03-03T15:00:00Z", minutes: 30 },
  ],
  ["appointment.cancel", { id: id("cancelled") }],
  [
    "wait-list.add",
    { id: id("wait"), patientId, visitTypeId: people.visitType, from: "2031-01-01", until: "2031-02-01" },
  ],
  ["staff.printDay", { id: people.frontdesk, day: "2031-03-03" }],
  ["wait-list.remove", { id: id("wait") }],
  ["wait-list.restore", { id: id("wait") }],
  ["wait-list.fulfil", { id: id("wait"), appointmentId: first.id }],
  ["patient.register", { id: id("patient"), givenName: "A", familyName: "B", birthDate: "1990-01-01" }],
  ["patient.update", { id: id("patient"), phone: "555-0100" }],
  ["patient.markDeceased", { id: id("patient"), deceasedOn: "2026-01-01" }],
];

/** Another person's number in place of the desk's, and the desk's brought back. */
const twoNumbers: Step[] = [["patient.update", { id: id("patient"), phone: "555-0199" }, id("two numbers")]];
const broughtBack: Step[] = [
  [
    "demographics-review.decide",
    { id: demographicsReviewIdOf(id("two numbers"), "phone"), decision: "take", seen: "555-0199" },
  ],
];

const visit: Step[] = [
  ["encounter.start", { id: encounterId, appointmentId: first.id, patientId, clinicianId: people.clinician }],
  [
    "encounter.start",
    { id: otherEncounterId, appointmentId: second.id, patientId: other, clinicianId: people.clinician },
  ],
  ["note.revise", revision(visitNote, "visit revision", "visit")],
  ["note.sign", signature(visitNote, "visit revision")],
  ["addendum.write", { id: id("addendum"), noteId: visitNote, patientId, text: "SECRET" }],
  ["note.retract", { id: visitNote, patientId, reason: "SECRET reason" }],
  ["note.revise", revision(nurseNote, "nurse revision", "nurse")],
  ["note.signNurseNote", signature(nurseNote, "nurse revision")],
];

/** Entries that say the same, one of which stands for both. */
const duplicates: Step[] = [
  ["problem.add", { ...fact("problem twice"), title: "SECRET" }, seenOf("problem twice")],
  ["problem.add", { ...fact("problem kept"), title: "SECRET" }, seenOf("problem kept")],
  ["problem.join", joins("problem")],
  ["problem.separate", on("problem twice")],
  ["medication.add", { ...fact("medication twice"), name: "SECRET" }, seenOf("medication twice")],
  ["medication.add", { ...fact("medication kept"), name: "SECRET" }, seenOf("medication kept")],
  ["medication.join", joins("medication")],
  ["medication.separate", on("medication twice")],
  ["allergy.add", { ...fact("allergy twice"), substance: "SECRET" }, seenOf("allergy twice")],
  ["allergy.add", { ...fact("allergy kept"), substance: "SECRET" }, seenOf("allergy kept")],
  ["allergy.join", joins("allergy")],
  ["allergy.separate", on("allergy twice")],
];

const chart: Step[] = [
  ["patient.openChart", { id: patientId }],
  [
    "emergency-access.begin",
    { id: id("emergency access"), reason: "SECRET", until: instant(now() + 3_600_000) },
  ],
  ["none-known.assert", { id: noneKnownIdOf(patientId, "allergies"), patientId, list: "allergies" }],
  ["none-known.retire", { id: noneKnownIdOf(patientId, "allergies"), patientId }],
  ["problem.add", { ...fact("problem"), title: "SECRET" }],
  ["problem.confirm", on("problem"), seenOf("problem")],
  [
    "problem.correct",
    { ...on("problem"), seen: seenOf("problem"), title: "S", code: null, onset: null, note: "" },
  ],
  ["problem.resolve", { ...on("problem"), resolvedOn: "2026-01-01" }],
  ["problem.reopen", on("problem")],
  ["problem.enterInError", on("problem")],
  ["allergy.add", { ...fact("allergy"), substance: "SECRET" }],
  ["allergy.confirm", on("allergy"), seenOf("allergy")],
  [
    "allergy.correct",
    { ...on("allergy"), seen: seenOf("allergy"), reactions: [], severity: "mild", note: "" },
    seenOf("allergy 2"),
  ],
  ["allergy.refute", { ...on("allergy"), seen: seenOf("allergy 2"), statusReason: "SECRET" }],
  ["allergy.add", { ...fact("allergy b"), substance: "SECRET" }, seenOf("allergy b")],
  ["allergy.end", { ...on("allergy b"), seen: seenOf("allergy b"), statusReason: "SECRET" }],
  ["allergy.reinstate", on("allergy b")],
  ["allergy.enterInError", { ...on("allergy b"), statusReason: "SECRET" }],
  ["medication.add", { ...fact("medication"), name: "SECRET" }],
  ["medication.confirm", on("medication"), seenOf("medication")],
  ["medication.changeDose", { ...on("medication"), ...dosage, seen: seenOf("medication") }],
  [
    "medication.stop",
    { ...on("medication"), stoppedOn: "2026-01-01", stopReason: "SECRET", seen: seenOf("medication") },
    id("waiting stop"),
  ],
  ["medication.decide", { ...on("medication"), pendingId: id("waiting stop"), decision: "take" }],
  ["medication.resume", on("medication")],
  ["medication.enterInError", on("medication")],
  ["immunization.add", { ...fact("immunization"), vaccine: "SECRET", givenOn: "2026-01-01", source: "told" }],
  ["immunization.enterInError", on("immunization")],
  ["alert.add", { ...fact("alert"), kind: "safety", text: "SECRET" }],
  ["alert.end", on("alert")],
  ["alert.resume", on("alert")],
  [
    "vitals.record",
    {
      ...fact("vitals"),
      takenAt: "2026-01-01T10:00:00.000Z",
      measurements: [{ code: "8867-4", value: 72, unit: "/min", confirmed: false }],
    },
  ],
  ["vitals.move", { id: id("vitals"), patientId: other, encounterId: null, reason: "SECRET" }],
  ["vitals.enterInError", { id: id("vitals"), patientId: other, statusReason: "SECRET" }],
  [
    "task.create",
    { id: id("task"), kind: "clinical", title: "SECRET", assigneeId: null, pool: "nurses", patientId },
  ],
  ["task.assign", { id: id("task"), assigneeId: people.clinician, pool: null }],
  ["task.complete", { id: id("task") }],
  ["task.reopen", { id: id("task") }],
  ["task.cancel", { id: id("task") }],
  [
    "message.send",
    { id: id("message"), kind: "clinical", toId: people.clinician, pool: null, text: "SECRET" },
  ],
  ["message.markRead", { id: id("message") }],
];

const places: Step[] = [
  ["room.add", { id: id("room"), name: "Exam 9" }],
  ["room.change", { id: id("room"), name: "Exam 9", active: false }],
  ["visit-type.add", { id: id("type"), name: "Flu shot", minutes: 10 }],
  ["visit-type.change", { id: id("type"), name: "Flu shot", minutes: 15, active: true }],
  [
    "working-hours.set",
    {
      id: workingHoursIdOf(people.nurse, 7),
      clinicianId: people.nurse,
      weekday: 7,
      spans: [{ from: "09:00", to: "12:00" }],
      capacity: 2,
    },
  ],
];

/** Written without reading, matched and discarded. */
async function captures(doctor: TestSession): Promise<Step[]> {
  const written = { id: id("capture") };
  const discarded = { id: id("capture to discard") };
  return [
    ["capture.write", { ...written, label: "SECRET", text: "SECRET", salt: newSalt() }],
    ["capture.write", { ...discarded, label: "SECRET", text: "SECRET", salt: newSalt() }],
    [
      "capture.beginRecording",
      {
        ...written,
        consent: { by: "patient", at: instantNow() },
        sealedKey: await sealToServer(doctor, new Uint8Array(32)),
      },
    ],
    ["capture.completeRecording", completion(written.id, [])],
    ["capture.open", written],
    ["capture.match", { ...written, patientId, encounterId }],
    ["capture.discard", { ...discarded, reason: "SECRET" }],
    ["capture.release", { ...discarded, patientId: null, reason: "SECRET" }],
  ];
}

/** Those that need more than words. */
async function recordings(doctor: TestSession): Promise<Step[]> {
  return [
    [
      "recording.begin",
      {
        id: id("recording"),
        encounterId,
        patientId,
        consent: { by: "guardian", at: instantNow() },
        sealedKey: await sealToServer(doctor, new Uint8Array(32)),
      },
    ],
    ["recording.complete", completion(id("recording"), [])],
    [
      "recording.move",
      { id: id("recording"), encounterId: otherEncounterId, patientId: other, reason: "SECRET" },
    ],
    ["appointment.checkIn", { id: first.id }],
    ["appointment.finish", { id: first.id }],
    ["encounter.finish", { id: encounterId }],
    ["care-team.restrict", { id: careTeamIdOf(patientId), patientId, memberIds: [people.clinician] }],
  ];
}

/** A time that the desk's device holds. */
async function heldTime({ deviceId }: TestSession): Promise<Step[]> {
  await practice.practice.ledger.transact(async ({ em, audit }) => {
    await em.execute(
      `insert into slot_lease(id, clinician_id, start, minutes, lane, device_id, until, status)
       values (?, ?, '2031-04-01T15:00:00Z', 30, 0, ?, '2031-04-01T15:00:00Z', 'held')`,
      [id("lease"), people.clinician, deviceId],
    );
    audit({ actor: { type: "system", id: "test" }, action: "slot-lease.granted", outcome: "ok" });
  });
  return [["slot-lease.giveBack", { id: id("lease") }]];
}

/** What the clinic refused somebody, handed to a colleague, taken back and put away. */
async function handover(session: TestSession): Promise<Step[]> {
  const allergy = id("handed over");
  const refused = mutation(session, 2, "allergy.enterInError", {
    id: allergy,
    patientId,
    statusReason: "SECRET",
  });
  const { results } = await practice.push(session, [
    mutation(session, 1, "allergy.add", { id: allergy, patientId, encounterId: null, substance: "SECRET" }),
    refused,
  ]);
  expect(results.map(({ code, status }) => code ?? status)).toEqual(["applied", "forbidden"]);
  const given = { id: id("handover") };
  return [
    [
      "handover.give",
      { ...given, toId: people.clinician, kind: "clinical", mutation: refused, words: "SECRET" },
    ],
    ["handover.takeBack", given],
    ["handover.close", given],
  ];
}

/** A chart that somebody opened from outside its care team and closes again. */
async function brokenGlass(session: TestSession): Promise<Step[]> {
  const given = { id: id("glass"), reason: "covering", words: "SECRET", password: trialPassword };
  const path = `/api/patients/${patientId}/break-glass`;
  expect((await practice.request(session, "POST", path, given)).status).toBe(200);
  return [["break-glass.end", { id: given.id }]];
}

async function play(session: TestSession, steps: readonly Step[], from: number): Promise<string[]> {
  const batch = steps.map(([name, args, mutationId], index) =>
    mutation(session, from + index, name, args as never, mutationId ? { id: mutationId } : {}),
  );
  const before = await practice.head();
  const { results } = await practice.push(session, batch);
  expect(results.map(({ status, code }, index) => `${batch[index]!.name}: ${code ?? status}`)).toEqual(
    batch.map(({ name }) => `${name}: applied`),
  );
  const records = await practice.audit(before);
  expect(records).toHaveLength(batch.length);
  for (const [index, { name, n, args }] of batch.entries()) {
    const found = mutations.get(name)!;
    expect(slices[found.collectionName].handlers[name.split(".")[1]!], name).toBeTypeOf("function");
    expect(records[index], name).toMatchObject({
      action: found.mutation.audit,
      outcome: "ok",
      deviceSeq: n,
      actor: { type: "user", id: session.user.id, role: session.user.role, deviceId: session.deviceId },
      resource: { type: found.collectionName, id: args.id },
    });
    const { seq: _, ...body } = records[index]!;
    auditBodySchema.parse(body);
    const { patientId: concerned } = body;
    if (name.startsWith("patient.")) expect(concerned, name).toBe(args.id);
    else if (typeof args.patientId === "string") expect(concerned, name).toBe(args.patientId);
  }
  const transactions = await practice.owner("select distinct xid::text from audit_log where seq > $1", [
    before,
  ]);
  expect(transactions).toHaveLength(1);
  expect(JSON.stringify(records)).not.toContain("SECRET");
  return batch.map(({ name }) => name);
}

it("every mutation has a handler and leaves its record, in its own transaction, about its record and patient", async () => {
  const [doctor, nurse, desk, admin, privacy, second, another, outsider] = [
    await practice.signIn("clinician"),
    await practice.signIn("nurse"),
    await practice.signIn("frontdesk"),
    await practice.signIn("admin"),
    await practice.signIn("privacy"),
    await practice.signIn("nurse"),
    await practice.signIn("clinician"),
    await practice.signIn("clinician2"),
  ];
  const played = [
    ...(await play(desk, schedule, 1)),
    ...(await play(nurse, twoNumbers, 1)),
    ...(await play(desk, broughtBack, schedule.length + 1)),
    ...(await play(desk, await heldTime(desk), schedule.length + broughtBack.length + 1)),
    ...(await play(doctor, visit, 1)),
    ...(await play(doctor, chart, visit.length + 1)),
    ...(await play(admin, places, 1)),
    ...(await play(privacy, [["staff.printLooks", { id: privacy.user.id, patientId }]], 1)),
    ...(await play(second, await handover(second), 3)),
    ...(await play(another, await captures(another), 1)),
    ...(await play(doctor, duplicates, visit.length + chart.length + 1)),
    ...(await play(doctor, await recordings(doctor), visit.length + chart.length + duplicates.length + 1)),
    ...(await play(outsider, await brokenGlass(outsider), 1)),
  ];
  expect(new Set(played)).toEqual(new Set(mutations.keys()));
});
