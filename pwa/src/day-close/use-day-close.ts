import { useMemo } from "react";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { recordsOf } from "#domain/patient/index.ts";
import {
  local,
  useConnection,
  useMergeLinks,
  useOutbox,
  useRows,
  useSamePerson,
  useSession,
  useValue,
  useWaitingRecordings,
} from "#pwa/local/index.ts";
import { derived } from "#pwa/local/value.ts";
import { type DayClose, type DayEntry, dayClose } from "./day-close.ts";

/** How the day of whoever works here stands, live; null while the tablet does not know all of it yet. */
export function useDayClose(): DayClose | null {
  const { user, practice } = useSession();
  const userId = user?.id ?? "";
  const zone = practice?.zone ?? "UTC";
  const date = dateIn(zone);
  const begin = instantIn(zone, date, "00:00");
  const end = instantIn(zone, addDays(date, 1), "00:00");
  const samePerson = useSamePerson();
  const queue = useQueue();
  const appointments = useRows("appointment", { where: { start: { gte: begin, lt: end } }, sort: "start" });
  const visits = useMemo(() => appointments.rows.map(({ id }) => encounterIdOf(id)), [appointments.rows]);
  const patients = useRecordsOf(appointments.rows.map(({ patientId }) => patientId));
  const encounters = useRows("encounter", { where: { id: { in: visits } } });
  const notes = useRows("note", { where: { patientId: { in: patients } } });
  const sounds = useRows("recording", { where: { patientId: { in: patients } } });
  // A recording that went to a visit of another day.
  const moved = useRows("recording", {
    where: { id: { in: queue.recordings.map((one) => one.recordingId) } },
  });
  const entries = useEntries({ patients, userId, begin });
  const recordings = useMemo(() => {
    const days = sounds.rows.filter(({ encounterId }) => visits.includes(encounterId));
    const ids = new Set(days.map(({ id }) => id));
    return [...days, ...moved.rows.filter(({ id }) => !ids.has(id))];
  }, [sounds.rows, moved.rows, visits]);
  const here = useSoundHere(recordings.map(({ id }) => id));
  const ready =
    queue.known &&
    entries.ready &&
    [appointments, encounters, notes, sounds, moved].every((rows) => rows.ready);
  return useMemo(() => {
    if (!ready) return null;
    return dayClose({
      userId,
      zone,
      date,
      appointments: appointments.rows,
      encounters: encounters.rows,
      notes: notes.rows,
      recordings,
      entries: entries.rows,
      items: queue.items,
      waiting: queue.recordings,
      here,
      samePerson,
    });
  }, [
    ready,
    userId,
    zone,
    date,
    appointments.rows,
    encounters.rows,
    notes.rows,
    recordings,
    entries.rows,
    queue.items,
    queue.recordings,
    here,
    samePerson,
  ]);
}

/** What waits. `known` once every recording that the chip counts has been read: until then nothing may be called safe. */
function useQueue() {
  const items = useOutbox();
  const recordings = useWaitingRecordings();
  const { waiting } = useConnection();
  const unanswered = items.filter(({ status }) => status !== "refused").length;
  return { items, recordings, known: unanswered + recordings.length >= waiting };
}

/** Every record of these patients. */
function useRecordsOf(patientIds: readonly string[]): readonly string[] {
  const links = useMergeLinks();
  const key = patientIds.join(",");
  return useMemo(() => {
    const ids = key === "" ? [] : key.split(",");
    return [...new Set(ids.flatMap((id) => [id, ...recordsOf(links, id)]))];
  }, [links, key]);
}

interface EntriesOptions {
  readonly patients: readonly string[];
  readonly userId: string;
  readonly begin: string;
}

/** What this person entered into these charts today. */
function useEntries({ patients, userId, begin }: EntriesOptions): {
  readonly rows: readonly DayEntry[];
  readonly ready: boolean;
} {
  const where = { patientId: { in: patients }, recordedBy: userId, recordedAt: { gte: begin } };
  const vitals = useRows("vitals", { where });
  const problems = useRows("problem", { where });
  const allergies = useRows("allergy", { where });
  const medications = useRows("medication", { where });
  const immunizations = useRows("immunization", { where });
  const alerts = useRows("alert", { where });
  const lists = [vitals, problems, allergies, medications, immunizations, alerts];
  const ready = lists.every((list) => list.ready);
  const rows = useMemo(
    () =>
      [vitals.rows, problems.rows, allergies.rows, medications.rows, immunizations.rows, alerts.rows].flat(),
    [vitals.rows, problems.rows, allergies.rows, medications.rows, immunizations.rows, alerts.rows],
  );
  return { rows, ready };
}

/** Which of these recordings have their sound on this tablet. */
function useSoundHere(recordingIds: readonly string[]): ReadonlySet<string> {
  const { audioPlace } = local();
  const key = recordingIds.join(",");
  const here = useValue(
    useMemo(() => {
      const places = key.split(",").map((id) => ({ id, place: audioPlace(id) }));
      return derived(
        places.map(({ place }) => place),
        () =>
          places
            .filter(({ place }) => place.get() !== "not-here")
            .map(({ id }) => id)
            .join(","),
      );
    }, [audioPlace, key]),
  );
  return useMemo(() => new Set(here.split(",")), [here]);
}

/** How many changes of other people wait on this tablet, and how many of their recordings. */
export function useOfOthers(): number {
  const changes = useValue(local().ofOthers);
  return changes + useWaitingRecordings().filter(({ patientId }) => patientId === null).length;
}
