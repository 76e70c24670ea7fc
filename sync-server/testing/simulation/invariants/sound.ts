import type pg from "pg";
import { concatBytes } from "#domain/kernel/bytes.ts";
import { MAX_CHUNK } from "#pwa/recording/chunks.ts";
import type { EntityManager } from "#server/database/database.ts";
import { HeldSoundPartEntity } from "#server/held-sound/index.ts";
import { withClient } from "#server/operations/postgres-roles.ts";
import type { Practice } from "#server/practice/practice.ts";
import { partAtRest, RecordingEntity, RecordingPartEntity } from "#server/recording/recording.entity.ts";
import { findSound, type Sound as SoundAtClinic } from "#server/recordings/sound.ts";
import type { Play } from "../play.ts";
import type { Sound } from "../witness.ts";

/** Statuses of a recording that lies at the clinic whole. */
const whole = new Set<string>(["stored", "transcribing", "transcribed"]);

/** I12: the clinic has the sound that was taken, byte for byte, and makes at most one job of it. */
export async function judgeSound(play: Play, client: pg.Client): Promise<void> {
  for (const { id, count } of await severalJobs(play))
    play.witness.violated("I12", `recording ${id} has ${count} jobs`);
  const apart = await setApart(client);
  for (const sound of play.witness.sounds) await judgeOne(play, sound, apart);
}

/** Recordings with more than one job. The queue's tables are the server's own. */
const severalJobs = ({ database }: Play) =>
  withClient(database.appUrl, async (client: pg.Client) => {
    const { rows } = await client.query<{ id: string; count: string }>(
      `select data->>'recordingId' as id, count(*) from pgboss.job where name = 'ai' group by 1 having count(*) > 1`,
    );
    return rows;
  });

/** Devices of which the begin or the end of some recording was not applied: their sound may wait where the words wait. */
async function setApart(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ device_id: string }>(
    `select distinct device_id from sync_mutation join sync_client using (client_id)
     where name in ('recording.begin', 'recording.complete') and status <> 'applied'`,
  );
  return new Set(rows.map((row) => row.device_id));
}

async function judgeOne(play: Play, sound: Sound, apart: ReadonlySet<string>): Promise<void> {
  const { practice } = play.server;
  const em = practice.database.em.fork();
  const recording = await em.findOne(RecordingEntity, { id: sound.id });
  const say = (what: string) =>
    play.witness.violated("I12", `sound ${sound.id} of tablet ${sound.tablet} ${what}`);
  // The tab died before the first slice: a recording of nothing, and the clinic says so.
  if (recording?.failure === "no_audio" && !sound.slices.some(({ durable }) => durable)) return;
  const isFrom = ({ deviceId }: { readonly deviceId: string }) => deviceId === sound.deviceId;
  // What had not left a tablet whose store the browser threw away is gone; what had is what was said.
  const isGone = play.witness.evicted.some(isFrom);
  const lies = await findSound(em, sound.id);
  if (!lies && isGone) return;
  // Nobody has decided about its beginning: the sound is there, and waits.
  const waits = lies?.of.type === "quarantine";
  if (!waits && !whole.has(recording?.status ?? "")) {
    if (apart.has(sound.deviceId)) return;
    // Cut off on a tablet that was wiped before its person came back: the sound is there, nobody can say that it is whole.
    if (!recording || !(isGone || play.witness.lost.some(isFrom)))
      return say(`is ${recording?.failure ?? recording?.status ?? "unknown"} at the clinic`);
  }
  const kept = lies && (await bytesOf(practice, em, lies));
  if (!kept) return say("has no key");
  if (!isWhatWasSaid(kept, sound.slices, isGone)) say("is not what was said");
}

/** All of it that is at the clinic; null when nobody can open it. */
async function bytesOf(
  { keys, recordings }: Practice,
  em: EntityManager,
  { id, of, startedAt, keyOf }: SoundAtClinic,
): Promise<Buffer | null> {
  const key = await keys.visitKey(keyOf);
  if (!key) return null;
  const orderBy = { part: "asc" } as const;
  const parts =
    of.type === "quarantine"
      ? await em.find(HeldSoundPartEntity, { soundId: id }, { orderBy })
      : await em.find(RecordingPartEntity, { recordingId: id }, { orderBy });
  const pieces: Uint8Array[] = [];
  for (const { part } of parts) {
    const bytes = await recordings.readPart(partAtRest({ id, startedAt, encounterId: keyOf }, part), key);
    for await (const piece of bytes) pieces.push(piece as Uint8Array);
  }
  return Buffer.from(concatBytes(...pieces));
}

/**
 * Whether these bytes are the slices one after the other. A tab that died while it wrote one left all of it, the chunk that
 * was written already, or nothing, and whoever went on recording went on after that.
 * @param cut the rest may have gone with the store
 */
function isWhatWasSaid(kept: Buffer, [slice, ...later]: Sound["slices"], cut: boolean): boolean {
  if (!slice) return kept.length === 0;
  if (cut && kept.length === 0) return true;
  const { bytes, durable } = slice;
  const lengths = durable ? [bytes.length] : [bytes.length, Math.min(MAX_CHUNK, bytes.length), 0];
  return lengths.some(
    (length) =>
      kept.subarray(0, length).equals(bytes.subarray(0, length)) &&
      isWhatWasSaid(kept.subarray(length), later, cut),
  );
}
