import { expect, test } from "vitest";
import type { Appointment } from "#domain/appointment/index.ts";
import { type Encounter, encounterIdOf } from "#domain/encounter/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { noteIdOf } from "#domain/note/index.ts";
import type { Recording } from "#domain/recording/index.ts";
import type { MutationName } from "#domain/registry.ts";
import { i18n } from "#pwa/language/language.ts";
import type { OutboxItem, WaitingRecording } from "#pwa/local/index.ts";
import { type DayFacts, type DayNote, dayClose } from "./day-close.ts";
import { daySentence } from "./day-close-words.ts";

const me = newId();
const colleague = newId();

interface Visit {
  readonly appointment: Appointment;
  readonly id: string;
  readonly noteId: string;
  readonly patientId: string;
}

/** A visit of the day at an hour, in the practice's time. */
function visitAt(hour: number, clinicianId = me, patientId = newId()): Visit {
  const appointment = {
    id: newId(),
    patientId,
    clinicianId,
    start: `2027-01-12T${hour + 5}:00:00.000Z`,
    status: "roomed",
  } as Appointment;
  const id = encounterIdOf(appointment.id);
  return { appointment, id, noteId: noteIdOf(id), patientId };
}

const begun = ({ id, appointment, patientId }: Visit) =>
  ({ id, appointmentId: appointment.id, patientId, status: "in-progress" }) as Encounter;

const noteOf = ({ id, noteId }: Visit, status: DayNote["status"], authorId = me): DayNote => ({
  id: noteId,
  encounterId: id,
  authorId,
  status,
});

let n = 0;
const change = (
  name: MutationName,
  args: { id: string } & Record<string, unknown>,
  more = {},
): OutboxItem => ({
  n: ++n,
  name,
  at: "2027-01-12T15:30:00.000Z",
  rowId: args.id,
  patientId: typeof args.patientId === "string" ? args.patientId : null,
  status: "waiting",
  code: null,
  detail: undefined,
  args,
  mutation: { n, args } as OutboxItem["mutation"],
  givenBack: false,
  notHanded: null,
  ...more,
});

const sound = (visit: Visit, place: WaitingRecording["place"], recordingId = newId()): WaitingRecording => ({
  recordingId,
  encounterId: visit.id,
  patientId: visit.patientId,
  sealed: false,
  startedAt: "2027-01-12T15:00:00.000Z",
  seconds: 60,
  place,
});

const recordingOf = (visit: Visit, status: Recording["status"], more: Partial<Recording> = {}) =>
  ({
    id: newId(),
    encounterId: visit.id,
    patientId: visit.patientId,
    clinicianId: me,
    status,
    startedAt: "2027-01-12T15:00:00.000Z",
    ...more,
  }) as Recording;

const judge = (visits: readonly Visit[], facts: Partial<DayFacts> = {}) =>
  dayClose({
    userId: me,
    zone: "America/New_York",
    date: "2027-01-12",
    appointments: visits.map(({ appointment }) => appointment),
    encounters: visits.map(begun),
    notes: [],
    recordings: [],
    entries: [],
    items: [],
    waiting: [],
    here: new Set(),
    samePerson: (a, b) => a === b,
    ...facts,
  });
const sentence = (day: ReturnType<typeof dayClose>) => daySentence(i18n, day);

test("visits of which nothing is left here are safe, drafts too, and the person can leave", () => {
  const [first, second, third] = [visitAt(9), visitAt(10), visitAt(11)];
  const day = judge([first, second, third], {
    notes: [noteOf(first, "signed"), noteOf(second, "draft")],
    recordings: [recordingOf(first, "transcribed"), recordingOf(first, "failed")],
  });
  expect(sentence(day)).toBe("3 of 3 visits safe");
  expect(day.visits.map(({ note }) => note)).toEqual(["sealed", "draft", "none"]);
  expect(day.visits[0]!.sounds.map(({ place }) => place)).toEqual(["at-the-clinic", "at-the-clinic"]);
  expect(day).toMatchObject({ clear: true, drafts: 1 });
});

test("a visit that nobody began is not counted, nor one in which this person did nothing", () => {
  const [mine, notBegun, theirs] = [visitAt(9), visitAt(10), visitAt(11, colleague)];
  const day = judge([mine, notBegun, theirs], {
    encounters: [begun(mine), begun(theirs)],
    notes: [noteOf(theirs, "draft", colleague)],
    recordings: [recordingOf(theirs, "recording", { clinicianId: colleague })],
  });
  expect(day.visits.map(({ appointment }) => appointment.id)).toEqual([mine.appointment.id]);
  expect(day).toMatchObject({ safe: 1, drafts: 0, clear: true });
});

test("a nurse's visits are those she wrote, entered or recorded in, whoever's they are", () => {
  const visits = [
    visitAt(9, colleague),
    visitAt(10, colleague),
    visitAt(11, colleague),
    visitAt(12, colleague),
  ];
  const [note, entry, early, sounded] = visits as [Visit, Visit, Visit, Visit];
  const untouched = visitAt(13, colleague);
  const day = judge([...visits, untouched], {
    notes: [
      { id: newId(), encounterId: note.id, authorId: me, status: "draft" },
      noteOf(entry, "draft", colleague),
    ],
    entries: [
      { id: newId(), patientId: entry.patientId, encounterId: entry.id },
      { id: newId(), patientId: early.patientId, encounterId: null }, // before the visit began
      { id: newId(), patientId: untouched.patientId, encounterId: newId() }, // in a visit of another day
    ],
    recordings: [recordingOf(sounded, "stored")],
  });
  expect(day.visits.map(({ appointment }) => appointment.id)).toEqual(
    visits.map((one) => one.appointment.id),
  );
  expect(day.visits.map((one) => one.note)).toEqual(["draft", "none", "none", "none"]);
  expect(sentence(day)).toBe("4 of 4 visits safe");
});

test("every change that waits makes its visit unsafe, also one the visit is known of by nothing else", () => {
  const made = newId();
  const kinds: ((visit: Visit) => OutboxItem)[] = [
    ({ appointment, id, patientId }) =>
      change("encounter.start", { id, appointmentId: appointment.id, patientId, clinicianId: me }),
    ({ id, noteId, patientId }) => change("note.revise", { id: noteId, encounterId: id, patientId }),
    ({ noteId }) => change("note.sign", { id: noteId }),
    ({ noteId, patientId }) => change("addendum.write", { id: newId(), noteId, patientId }),
    ({ id, patientId }) => change("vitals.record", { id: newId(), encounterId: id, patientId }),
    ({ id, patientId }) => change("recording.begin", { id: newId(), encounterId: id, patientId }),
    // Entered before the visit began, and a change of what stood in the chart before.
    ({ patientId }) => change("vitals.record", { id: newId(), encounterId: null, patientId }),
    ({ patientId }) => change("medication.stop", { id: newId(), patientId }),
    ({ noteId }) => change("note.sign", { id: noteId }, { status: "held" }),
  ];
  for (const kind of kinds) {
    const [visit, other] = [visitAt(9), visitAt(8)];
    const item = kind(visit);
    const day = judge([visit, other], { encounters: [begun(other)], items: [item] });
    expect(sentence(day), item.name).toBe("1 of 2 visits safe, 1 change waiting");
    expect(day.visits[0], item.name).toMatchObject({ appointment: visit.appointment, safe: false });
    expect(day.clear, item.name).toBe(false);
  }
  // What follows from an earlier change in the queue is of the same visit.
  const visit = visitAt(9);
  const day = judge([visit], {
    items: [
      change("recording.begin", { id: made, encounterId: visit.id, patientId: visit.patientId }),
      change("recording.complete", { id: made }),
    ],
  });
  expect(sentence(day)).toBe("0 of 1 visit safe, 2 changes waiting");
});

test("work of no visit of today is told apart, and nobody can leave while it is here", () => {
  const visit = visitAt(9);
  const { patientId } = visit;
  const day = judge([visit], {
    items: [
      change("patient.register", { id: newId() }),
      change("task.create", { id: newId(), patientId }),
      change("note.revise", { id: newId(), encounterId: newId(), patientId }),
      change("note.revise", { id: newId(), encounterId: null, patientId }),
      change("medication.stop", { id: newId(), patientId }, { at: "2027-01-11T15:00:00.000Z" }),
      change("patient.update", { id: patientId }, { status: "refused", code: "forbidden" }),
    ],
    waiting: [{ ...sound(visit, "on-this-tablet"), encounterId: newId() }],
  });
  expect(sentence(day)).toBe("1 of 1 visit safe");
  expect(day.beyond).toEqual({ waiting: 6, refused: 1 });
  expect(day.clear).toBe(false);
});

test("a move on the board is no visit, but keeps one that was begun from being safe", () => {
  const [begunVisit, booked] = [visitAt(9), visitAt(10)];
  const items = [begunVisit, booked].map(({ appointment }) =>
    change("appointment.move", { id: appointment.id }),
  );
  const day = judge([begunVisit, booked], { encounters: [begun(begunVisit)], items });
  expect(sentence(day)).toBe("0 of 1 visit safe, 1 change waiting");
  expect(day.beyond).toEqual({ waiting: 1, refused: 0 });
});

test("a signature is sealed only when nothing of the note is on its way", () => {
  const visit = visitAt(9);
  const sign = change("note.sign", { id: visit.noteId });
  const words = change("note.revise", {
    id: visit.noteId,
    encounterId: visit.id,
    patientId: visit.patientId,
  });
  const noteOn = (status: DayNote["status"], items: readonly OutboxItem[]) =>
    judge([visit], { notes: [noteOf(visit, status)], items }).visits[0]!.note;
  expect(noteOn("signed", [sign])).toBe("signed");
  expect(noteOn("signed", [])).toBe("sealed");
  // A refused signature is taken back from the view.
  expect(noteOn("draft", [{ ...sign, status: "refused", code: "note_changed" }])).toBe("draft");
  // Words that the clinic did not take are in no note, and are not gone.
  const refused = { ...words, status: "refused", code: "missing_parent" } as const;
  expect(judge([visit], { items: [refused] }).visits[0]!.note).toBe("refused");
});

test("a visit is as safe as its sound, wherever that is", () => {
  const places = [
    ["being-made", "being made"],
    ["cut-off", "cut off"],
    ["sending", "being sent"],
    ["on-this-tablet", "on this tablet"],
  ] as const;
  const visit = visitAt(9);
  for (const [place, words] of places)
    expect(sentence(judge([visit], { waiting: [sound(visit, place)] }))).toBe(
      `0 of 1 visit safe, 1 recording ${words}`,
    );
  const here = recordingOf(visit, "captured");
  const at = (recording: Recording, ids: readonly string[] = []) =>
    sentence(judge([visit], { recordings: [recording], here: new Set(ids) }));
  expect(at(here, [here.id])).toBe("1 of 1 visit safe"); // sent from here, not yet put together at the clinic
  expect(at(here)).toBe("0 of 1 visit safe, 1 recording on another tablet");
  const unended = recordingOf(visit, "recording");
  expect(at(unended, [unended.id])).toBe("0 of 1 visit safe, 1 recording on this tablet");
  expect(at(unended)).toBe("0 of 1 visit safe, 1 recording on another tablet");
});

test("a recording that was moved is of the visit it went to, and is counted once", () => {
  const [wrong, right] = [visitAt(9), visitAt(10)];
  const moved = recordingOf(right, "captured");
  const day = judge([wrong, right], {
    recordings: [moved],
    waiting: [sound(wrong, "sending", moved.id)],
    here: new Set([moved.id]),
  });
  expect(sentence(day)).toBe("1 of 2 visits safe, 1 recording being sent");
  expect(day.visits[0]!.sounds).toHaveLength(1);
  expect(day.visits.map(({ appointment }) => appointment.id)).toEqual([
    right.appointment.id,
    wrong.appointment.id,
  ]);
});

test("a colleague's recording on the same tablet says nothing of one's own visits", () => {
  const visit = visitAt(9);
  const day = judge([visit], {
    waiting: [{ ...sound(visit, "on-this-tablet"), patientId: null, encounterId: null }],
  });
  expect(day).toMatchObject({ safe: 1, clear: true });
});

test("the sentence says all that is not safe, unsafe visits first and each in the order of the day", () => {
  const visits = [9, 10, 11, 12].map((hour) => visitAt(hour));
  const [safe, first, second, last] = visits as [Visit, Visit, Visit, Visit];
  const day = judge(visits, {
    items: [
      change("note.sign", { id: last.noteId }, { status: "refused", code: "forbidden" }),
      change("vitals.record", { id: newId(), encounterId: first.id, patientId: first.patientId }),
    ],
    waiting: [sound(second, "sending"), sound(first, "on-this-tablet"), sound(first, "on-this-tablet")],
  });
  expect(sentence(day)).toBe(
    "1 of 4 visits safe, 1 recording being sent, 2 recordings on this tablet, 1 change waiting, 1 refused",
  );
  expect(day.visits.map(({ appointment }) => appointment.id)).toEqual(
    [first, second, last, safe].map(({ appointment }) => appointment.id),
  );
});
