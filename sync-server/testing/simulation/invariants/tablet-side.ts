import type pg from "pg";
import { patientOfStream } from "#domain/access/scope.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { collectionNames, collections } from "#domain/registry.ts";
import { loadHot } from "#pwa/local/store/hot-block.ts";
import { rawDisk } from "#pwa/local/testing/tablet.ts";
import { slices } from "#server/slices.ts";
import { findRecords } from "#server/sync/records.ts";
import { rowOf } from "#server/sync/slice.ts";
import type { Play } from "../play.ts";
import type { Disk, PlayedTablet } from "../tablet.ts";
import { marker, vaultPatients } from "../world.ts";
import { judgeMissing } from "./kept-charts.ts";

const DAY = 86_400_000;

/** I1, I4, I6, I11 for one tablet. */
export async function judgeTablet(play: Play, client: pg.Client, tablet: PlayedTablet): Promise<void> {
  const { witness } = play;
  const { state, deviceId } = tablet.alive ? tablet.local.session.get() : { state: "closed", deviceId: null };
  // Two copies of a profile are one device for the clinic, which ends the sign-in of the one when the other signs in.
  if (state === "reauth" && witness.copied.has(deviceId ?? "")) return;
  const { fault } = (tablet.alive && tablet.local.history.get()) || {};
  if (fault) witness.violated("I6", `tablet ${tablet.index} refuses the log of an honest clinic: ${fault}`);
  if (state !== "unlocked") {
    witness.violated("I11", `tablet ${tablet.index} is ${state} after healing`);
    return;
  }
  const waiting = tablet.local.outbox.get().filter(({ status }) => status !== "refused");
  const undelivered = waiting.map(({ n, name }) => `${n} ${name}`).join(", ");
  if (waiting.length > 0) witness.violated("I11", `tablet ${tablet.index} still has ${undelivered} to send`);
  const keyring = await tablet.keyring();
  const disk = await tablet.disk(keyring);
  const streams = disk.streams.map(({ stream }) => stream);
  const allowed = await allowedStreams(play, client, tablet, disk);
  for (const stream of streams)
    if (!allowed.has(stream))
      witness.violated("I4", `tablet ${tablet.index} holds ${stream} beyond its scope`);
  await judgeMissing(play, client, tablet, { missing: required(allowed, streams), held: streams });
  if (disk.streams.some(({ complete }) => !complete))
    witness.violated("I1", `tablet ${tablet.index} has streams that never became complete`);
  if (disk.orphans > 0)
    witness.violated(
      "I4",
      `tablet ${tablet.index} stores ${disk.orphans} rows of streams it no longer holds`,
    );
  const kids = new Set(disk.streams.map(({ kid }) => kid));
  for (const row of await loadHot(tablet.database, keyring))
    if (!kids.has(row.kid))
      witness.violated("I4", `tablet ${tablet.index}'s Today block keeps ${row.collection}`);
  const expected = await serverRows(play, streams);
  compareDisk(play, tablet, disk, expected);
  compareMemory(play, tablet, expected);
  await scanBytes(play, tablet);
}

/** Roles in which the clinic lets somebody work on this device. Copies of a profile are one device, and may have several. */
async function rolesAtClinic(client: pg.Client, deviceId: string | null): Promise<readonly string[]> {
  const { rows } = await client.query<{ role: string }>(
    "select distinct role from session where device_id = $1 and ended_at is null",
    [deviceId],
  );
  return rows.map(({ role }) => role);
}

interface Allowed {
  has(stream: string): boolean;
  readonly must: ReadonlySet<string>;
}

/** What this tablet's person may hold. Of a copied profile: in the one of its roles that explains what it holds. */
async function allowedStreams(
  play: Play,
  client: pg.Client,
  tablet: PlayedTablet,
  { streams, opened }: Disk,
): Promise<Allowed> {
  const { user, deviceId } = tablet.local.session.get();
  const isCopied = play.witness.copied.has(deviceId ?? "");
  const roles = isCopied ? await rolesAtClinic(client, deviceId) : [];
  const inRole = (role: string | undefined) => allowedIn(play, client, role, user?.id, opened);
  const own = await inRole(user?.role);
  const held = streams.map(({ stream }) => stream);
  const lacksNone = ({ must }: Allowed) =>
    [...must].every((stream) => held.includes(stream) || patientOfStream(stream) !== null);
  for (const allowed of [own, ...(await Promise.all(roles.map(inRole)))])
    if (held.every(allowed.has) && lacksNone(allowed)) return allowed;
  return own;
}

/** The scope, worked out anew: which streams a person may hold in a role, and which they must. */
async function allowedIn(
  { clock: { now } }: Play,
  client: pg.Client,
  role: string | undefined,
  userId: string | undefined,
  opened: readonly string[],
): Promise<Allowed> {
  const must = new Set(["directory", "schedule", "demographics", `tasks:${userId}`]);
  if (role === "administrator") must.add("ops");
  if (role === "front-desk") must.add("tasks:front-desk");
  const may = new Set(must);
  if (role === "clinician" || role === "nurse") {
    for (const stream of [
      "safety",
      "intake",
      `tasks:${userId}:clinical`,
      `tasks:${role}s`,
      `tasks:${role}s:clinical`,
    ])
      must.add(stream);
    const { rows } = await client.query<{ id: string }>(
      `select distinct patient_id as id from appointment where status not in ('cancelled', 'no-show')
       and start >= $1 and start < $2`,
      [new Date(now - 30 * DAY), new Date(now + 8 * DAY)],
    );
    for (const { id } of rows) must.add(`chart:${id}`);
    for (const stream of must) may.add(stream);
    for (const stream of opened) may.add(stream);
  }
  return { has: (stream) => may.has(stream), must };
}

const required = (allowed: Allowed, streams: readonly string[]): string[] =>
  [...allowed.must].filter((stream) => !streams.includes(stream));

interface Expected {
  readonly version: number;
  readonly data: string;
  readonly stream: string;
}

const keyOf = (collection: string, id: string) => `${collection}/${id}`;

/** What the server holds in these streams, read past the synchronisation: table by table. */
async function serverRows(play: Play, streams: readonly string[]): Promise<Map<string, Expected>> {
  const em = play.server.practice.database.em.fork();
  const rows = new Map<string, Expected>();
  for (const name of collectionNames) {
    const table = name.replaceAll("-", "_");
    const found: { id: string; stream: string }[] = await em.execute(
      `select id, stream from "${table}" where stream = any(?::text[])`,
      [`{${streams.map((stream) => `"${stream}"`).join(",")}}`],
    );
    if (found.length === 0) continue;
    const slice = slices[name];
    const streamOf = new Map(found.map(({ id, stream }) => [id, stream]));
    const records = await findRecords(em, slice, [...streamOf.keys()]);
    const shown = slice.reveal
      ? await slice.reveal(play.server.practice, records)
      : records.map((record) => rowOf(slice.collection, record));
    for (const [index, record] of records.entries()) {
      const { version: _, ...data } = shown[index] as { id: string; version?: number };
      rows.set(keyOf(name, record.id), {
        version: record.version,
        data: canonical(JSON.parse(JSON.stringify(data))),
        stream: streamOf.get(record.id) ?? "",
      });
    }
  }
  return rows;
}

function compareDisk(play: Play, tablet: PlayedTablet, disk: Disk, expected: Map<string, Expected>): void {
  const { witness } = play;
  const held = new Map<string, Disk["rows"][number]>();
  for (const row of disk.rows) {
    const key = keyOf(row.collection, row.id);
    if (held.has(key)) witness.violated("I1", `tablet ${tablet.index} stores ${key} in two streams`);
    held.set(key, row);
  }
  for (const [key, wanted] of expected) {
    const row = held.get(key);
    if (!row) witness.violated("I1", `tablet ${tablet.index} lacks ${key} of ${wanted.stream}`);
    else if (row.version !== wanted.version)
      witness.violated(
        "I1",
        `tablet ${tablet.index} holds ${key} as ${row.version} instead of ${wanted.version}`,
      );
    else if (canonical(row.data) !== wanted.data || row.stream !== wanted.stream)
      witness.violated("I1", `tablet ${tablet.index} holds ${key} with other content`);
  }
  for (const [key, row] of held)
    if (!expected.has(key))
      witness.violated("I1", `tablet ${tablet.index} still stores ${key} in ${row.stream}`);
}

function compareMemory(play: Play, tablet: PlayedTablet, expected: Map<string, Expected>): void {
  const { witness } = play;
  for (const name of collectionNames) {
    if (!collections[name].local) continue;
    const shown = new Map(tablet.rows(name).map((row) => [keyOf(name, row.id), canonical(row)]));
    for (const [key, text] of shown) {
      const wanted = expected.get(key);
      if (!wanted) witness.violated("I4", `tablet ${tablet.index} shows ${key}, which is not in its streams`);
      else if (wanted.data !== text)
        witness.violated("I1", `tablet ${tablet.index} shows other content in ${key}`);
    }
    for (const key of expected.keys())
      if (key.startsWith(`${name}/`) && !shown.has(key))
        witness.violated("I1", `tablet ${tablet.index} does not show ${key}`);
  }
}

/** I4 on the bytes: neither planted charts nor anything typed lies readable on the disk. */
async function scanBytes(play: Play, tablet: PlayedTablet): Promise<void> {
  const raw = await rawDisk(tablet.database);
  const planted = vaultPatients.map(marker);
  const typed = play.witness.captured.flatMap(({ words }) => words);
  const found = [...planted, ...typed].filter((word) => raw.includes(word));
  if (found.length > 0)
    play.witness.violated("I4", `tablet ${tablet.index} has ${found.length} words in the clear: ${found[0]}`);
}
