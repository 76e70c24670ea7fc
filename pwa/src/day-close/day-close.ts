import type { Appointment } from "#domain/appointment/index.ts";
import type { Fact } from "#domain/chart/index.ts";
import { type Encounter, encounterIdOf } from "#domain/encounter/index.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { type Note, noteIdOf } from "#domain/note/index.ts";
import type { Recording } from "#domain/recording/index.ts";
import type { OutboxItem, WaitingRecording } from "#pwa/local/index.ts";

export type DayNote = Pick<Note, "id" | "encounterId" | "authorId" | "status">;
export type DayEntry = Pick<Fact, "id" | "patientId" | "encounterId">;

/** Everything this tablet knows that says whether a person's visits of today are at the clinic. */
export interface DayFacts {
  readonly userId: string;
  readonly zone: string;
  readonly date: string;
  /** Everybody's of the date: a nurse works in the visits of others. */
  readonly appointments: readonly Appointment[];
  readonly encounters: readonly Encounter[];
  readonly notes: readonly DayNote[];
  readonly recordings: readonly Recording[];
  /** What this person entered into charts today. */
  readonly entries: readonly DayEntry[];
  readonly items: readonly OutboxItem[];
  /** Those whose sound is not all at the clinic, colleagues' too. */
  readonly waiting: readonly WaitingRecording[];
  /** Recordings whose sound lies on this tablet. */
  readonly here: ReadonlySet<string>;
  samePerson(a: string, b: string): boolean;
}

/**
 * `refused`: the clinic took none of its words; they are kept with the refusal · `signed`: on this tablet, and the clinic has
 * not sealed it yet (C08).
 */
export type NoteState = "none" | "refused" | "draft" | "signed" | "sealed";

/** Where a recording's sound is. `elsewhere`: neither here nor, as far as this tablet knows, at the clinic. */
export type SoundPlace =
  | "being-made"
  | "cut-off"
  | "sending"
  | "on-this-tablet"
  | "elsewhere"
  | "at-the-clinic";

export interface DaySound {
  readonly id: string;
  readonly startedAt: string;
  readonly place: SoundPlace;
}

export interface DayVisit {
  readonly appointment: Appointment;
  readonly note: NoteState;
  readonly sounds: readonly DaySound[];
  /** Changes that the clinic has not answered, and those it refused. */
  readonly waiting: number;
  readonly refused: readonly OutboxItem[];
  /** Everything of it is at the clinic. */
  readonly safe: boolean;
}

export interface DayClose {
  /** Unsafe ones first, then by time. */
  readonly visits: readonly DayVisit[];
  readonly safe: number;
  /** What keeps visits from being safe: sounds by their place, and changes. */
  readonly sounds: Readonly<Record<Exclude<SoundPlace, "at-the-clinic">, number>>;
  readonly waiting: number;
  readonly refused: number;
  /** Notes that are drafts: their words may be safe, and they still want a signature. */
  readonly drafts: number;
  /** This person's work of no visit of today. */
  readonly beyond: { readonly waiting: number; readonly refused: number };
  /** Nothing of this person is on this tablet only. */
  readonly clear: boolean;
}

/** Changes that say what became of a patient's chart; the rest of a patient's changes belongs to no visit. */
const chartWords = /^(?:problem|allergy|medication|immunization|vitals|alert|none-known)\./;

/**
 * Judges a day: a visit is safe when the clinic has every change and every second of sound that this person made for it
 * here. Whoever has done nothing in a visit does not find it here.
 */
export function dayClose(facts: DayFacts): DayClose {
  const places = placesOf(facts);
  const itemsOf = Map.groupBy(facts.items, places.ofItem);
  const soundsOf = Map.groupBy(soundsIn(facts, places.ofRecord), ({ encounterId }) => encounterId);
  const visits = facts.appointments
    .flatMap((appointment) => visitOf(facts, appointment, places, itemsOf, soundsOf) ?? [])
    .toSorted(
      (a, b) =>
        Number(a.safe) - Number(b.safe) || Date.parse(a.appointment.start) - Date.parse(b.appointment.start),
    );
  const listed = new Set(visits.map(({ appointment }) => encounterIdOf(appointment.id)));
  const rest = [...itemsOf].flatMap(([id, items]) => (id !== null && listed.has(id) ? [] : items));
  const restSounds = [...soundsOf].flatMap(([id, sounds]) => (id !== null && listed.has(id) ? [] : sounds));
  const refused = rest.filter(({ status }) => status === "refused").length;
  const beyond = {
    waiting: rest.length - refused + restSounds.filter(({ place }) => place !== "at-the-clinic").length,
    refused,
  };
  const safe = visits.filter((visit) => visit.safe).length;
  const count = (place: SoundPlace) =>
    visits.flatMap(({ sounds }) => sounds).filter((sound) => sound.place === place).length;
  return {
    visits,
    safe,
    sounds: {
      "being-made": count("being-made"),
      "cut-off": count("cut-off"),
      sending: count("sending"),
      "on-this-tablet": count("on-this-tablet"),
      elsewhere: count("elsewhere"),
    },
    waiting: visits.reduce((sum, visit) => sum + visit.waiting, 0),
    refused: visits.reduce((sum, visit) => sum + visit.refused.length, 0),
    drafts: visits.filter(({ note }) => note === "draft").length,
    beyond,
    clear: safe === visits.length && beyond.waiting + beyond.refused === 0,
  };
}

function visitOf(
  { userId, notes, entries }: DayFacts,
  appointment: Appointment,
  places: Places,
  itemsOf: ReadonlyMap<string | null, readonly OutboxItem[]>,
  soundsOf: ReadonlyMap<string | null, readonly DaySound[]>,
): DayVisit | null {
  const id = encounterIdOf(appointment.id);
  const own = appointment.clinicianId === userId;
  const items = itemsOf.get(id) ?? [];
  const sounds = soundsOf.get(id) ?? [];
  // The visit's note is its clinician's, whoever began it; a nurse answers for her own.
  const written = notes.filter(
    (note) => note.encounterId === id && (note.authorId === userId || (own && note.id === noteIdOf(id))),
  );
  const entered = entries.some((entry) => places.ofEntry(entry) === id);
  const worked = written.length + sounds.length > 0 || entered;
  const begun = places.begun.has(id) && own;
  // A step of the appointment alone (a move on the board) is no visit.
  const changed = items.some(({ name }) => !name.startsWith("appointment."));
  if (!worked && !begun && !changed) return null;
  const refused = items.filter(({ status }) => status === "refused");
  return {
    appointment,
    note: noteState(written, items),
    sounds,
    waiting: items.length - refused.length,
    refused,
    safe: items.length === 0 && sounds.every(({ place }) => place === "at-the-clinic"),
  };
}

/** Of several notes the one that is furthest from being sealed. */
function noteState(notes: readonly DayNote[], items: readonly OutboxItem[]): NoteState {
  if (notes.length === 0)
    return items.some(({ name, status }) => name === "note.revise" && status === "refused")
      ? "refused"
      : "none";
  if (notes.some(({ status }) => status === "draft")) return "draft";
  return notes.some(({ id }) => items.some(({ rowId }) => rowId === id)) ? "signed" : "sealed";
}

/** This person's recordings with their visits. A colleague's says nothing here: whose visit it is lies sealed. */
function soundsIn(
  { userId, recordings, waiting, here }: DayFacts,
  ofRecord: Places["ofRecord"],
): (DaySound & { readonly encounterId: string | null })[] {
  const onTheWay = waiting
    .filter(({ patientId }) => patientId !== null)
    .map(({ recordingId, startedAt, place, encounterId }) => ({
      id: recordingId,
      startedAt,
      place,
      // Where the tablet sealed it at its start, unless it has been moved to another visit since.
      encounterId: ofRecord(recordingId) ?? encounterId,
    }));
  const listed = new Set(waiting.map(({ recordingId }) => recordingId));
  const others = recordings
    .filter(({ id, clinicianId }) => clinicianId === userId && !listed.has(id))
    .map((recording) => ({
      id: recording.id,
      startedAt: recording.startedAt,
      place: placeOf(recording, here.has(recording.id)),
      encounterId: recording.encounterId,
    }));
  return [...onTheWay, ...others].toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}

/** Of a recording that this tablet is not sending. */
function placeOf({ status }: Recording, here: boolean): SoundPlace {
  if (status === "recording") return here ? "on-this-tablet" : "elsewhere"; // the clinic was not told of its end
  if (status === "captured" && !here) return "elsewhere";
  return "at-the-clinic";
}

interface Places {
  readonly begun: ReadonlySet<string>;
  ofItem(item: OutboxItem): string | null;
  ofEntry(entry: DayEntry): string | null;
  /** Undefined for a record of which nothing says where it belongs. */
  ofRecord(id: string): string | null | undefined;
}

/** Finds the encounter of today that something belongs to; null where it belongs to none. */
function placesOf({
  zone,
  date,
  appointments,
  encounters,
  notes,
  recordings,
  entries,
  items,
  samePerson,
}: DayFacts): Places {
  const days = new Set(appointments.map(({ id }) => encounterIdOf(id)));
  const begun = new Set(encounters.map(({ id }) => id).filter((id) => days.has(id)));
  const today = (id: string | null | undefined) => (id && days.has(id) ? id : null);
  const ofPatient = (patientId: string | null) => {
    const theirs = appointments
      .filter((one) => patientId !== null && samePerson(one.patientId, patientId))
      .map(({ id }) => encounterIdOf(id));
    return theirs.find((id) => begun.has(id)) ?? theirs[0] ?? null;
  };
  const ofEntry = ({ encounterId, patientId }: DayEntry) =>
    encounterId === null ? ofPatient(patientId) : today(encounterId);

  const home = new Map<string, string | null>();
  // The queue first: what the clinic has never seen, or refused, is known from the change that made it.
  for (const { rowId, args } of items)
    if (typeof args.encounterId === "string" && !home.has(rowId)) home.set(rowId, args.encounterId);
  for (const id of days) home.set(noteIdOf(id), id);
  for (const { id, encounterId } of [...notes, ...recordings]) home.set(id, encounterId);
  for (const entry of entries) home.set(entry.id, ofEntry(entry));

  const ofItem = ({ name, rowId, args, patientId, at }: OutboxItem) => {
    if (typeof args.encounterId === "string") return today(args.encounterId);
    if (name.startsWith("encounter.")) return today(rowId);
    if (name.startsWith("appointment.")) return today(encounterIdOf(rowId));
    const known = home.get(typeof args.noteId === "string" ? args.noteId : rowId);
    if (known !== undefined) return today(known);
    return chartWords.test(name) && dateIn(zone, at) === date ? ofPatient(patientId) : null;
  };
  return { begun, ofItem, ofEntry, ofRecord: (id) => home.get(id) };
}
