import type pg from "pg";
import type { AuditBody } from "#domain/audit/record.ts";
import { collectionNames, mutations } from "#domain/registry.ts";
import { openLosses } from "#server/device/index.ts";
import { openItem } from "#server/quarantine/index.ts";
import type { Play } from "../play.ts";
import type { Captured, Witness } from "../witness.ts";

interface Settled {
  readonly client_id: string;
  readonly n: string;
  readonly mutation_id: string;
  readonly name: string;
  readonly status: string;
  readonly code: string | null;
  readonly seq: string;
  readonly user_id: string;
  readonly device_id: string;
}

interface Recorded {
  readonly seq: number;
  readonly body: AuditBody;
}

/** I2, I3, I6, I9: what became of everything that people did. */
export async function judgeWork(play: Play, client: pg.Client): Promise<void> {
  const { rows: settled } = await client.query<Settled>(
    `select client_id, n, mutation_id, name, status, result->>'code' as code, seq, user_id, device_id
     from sync_mutation join sync_client using (client_id) order by client_id, n`,
  );
  const { rows } = await client.query<{ seq: string; body: string }>(
    "select seq, body from audit_log where body::jsonb ? 'deviceSeq' order by seq",
  );
  const records = rows.map(({ seq, body }) => ({ seq: Number(seq), body: JSON.parse(body) as AuditBody }));
  const { rows: apart } = await client.query<Apart>(
    "select client_id, n, mutation_id, device_id, reason from quarantine where handed_to is null",
  );
  judgeResults(play, settled, apart);
  judgeGivenBack(play, settled);
  await judgeLosses(play, settled);
  judgeRights(play, settled);
  judgeLost(play, settled);
  judgeOrder(play, settled, records);
  judgeAudit(play, settled, records, apart);
  judgeRoles(play, settled, records);
  await judgeEffects(play, client, settled);
  await judgeWords(play, client, settled);
}

/** Kept for review, outside the queue of its client where a copied profile wrote it. */
interface Apart {
  readonly client_id: string;
  readonly n: string;
  readonly mutation_id: string;
  readonly device_id: string;
  readonly reason: string;
}

function judgeResults({ witness }: Play, settled: readonly Settled[], apart: readonly Apart[]): void {
  const byKey = new Map(settled.map((row) => [`${row.client_id}/${row.n}`, row]));
  const byId = new Map(settled.map((row) => [row.mutation_id, row]));
  const kept = new Set(apart.map(({ mutation_id }) => mutation_id));
  for (const captured of witness.captured) {
    const { clientId, n, mutationId, name } = captured;
    const copied = witness.copiedClients.has(clientId);
    const row = (mutationId && byId.get(mutationId)) || (copied ? undefined : byKey.get(`${clientId}/${n}`));
    // Of two copies of a profile one has the number, and the other's work is kept for review under it.
    if (!row && copied && (!mutationId || kept.has(mutationId))) continue;
    if (!row && witness.mayBeLost(captured)) continue;
    if (!row) witness.violated("I2", `${name} (n ${n}) of ${clientId} has no result`);
    else if (row.name !== name)
      witness.violated("I2", `n ${n} of ${clientId} became ${row.name} instead of ${name}`);
    else if (row.status === "held") witness.violated("I2", `${name} (n ${n}) has no final result`);
  }
  judgeAnswers(witness, byKey);
}

/** What left the server about one change is the same every time, and what stands in its store. */
function judgeAnswers(witness: Witness, byKey: ReadonlyMap<string, Settled>): void {
  for (const [key, answers] of witness.results) {
    if (witness.copiedClients.has(key.split("/")[0]!)) continue; // two histories under one name
    const final = answers.filter(({ status }) => status !== "held");
    const words = new Set(final.map(({ status, code }) => `${status} ${code ?? ""}`.trim()));
    const row = byKey.get(key);
    if (row) words.add(`${row.status} ${row.code ?? ""}`.trim());
    if (words.size > 1) witness.violated("I2", `${key} has several results: ${[...words].join(" and ")}`);
    const seqs = new Set(final.map(({ seq }) => seq));
    if (seqs.size > 1) witness.violated("I2", `${key} was committed several times: ${[...seqs].join(", ")}`);
  }
}

/**
 * I14: what the clinic had accepted before it went back to a backup is there again, carried out or with its author. What a
 * browser threw away before the tablet could give it back, nobody has any more: {@link judgeLosses} asks whether the clinic
 * says so.
 */
function judgeGivenBack({ witness }: Play, settled: readonly Settled[]): void {
  const byKey = new Map(settled.map((row) => [`${row.client_id}/${row.n}`, row]));
  for (const { clientId, n, name } of witness.acknowledged.values()) {
    const row = byKey.get(`${clientId}/${n}`);
    if (!row && witness.mayBeLost({ clientId, n })) continue;
    if (!row || row.status === "held")
      witness.violated("I14", `${name} (${clientId}/${n}) did not come back`);
  }
}

/** What waited for what it belongs to was carried out after what its client did later. */
const hadWaited = ({ witness }: Play, key: string): boolean =>
  witness.results.get(key)?.some(({ status }) => status === "held") ?? false;

/** F12: the clinic knows of a store that was thrown away, and how many changes it misses since. */
async function judgeLosses({ witness, server }: Play, settled: readonly Settled[]): Promise<void> {
  const told = await openLosses(server.practice.database.em.fork());
  const lastN = new Map(settled.map((row) => [row.client_id, Number(row.n)]));
  for (const { deviceId, marked, clients } of witness.evicted) {
    if (!marked || witness.copied.has(deviceId)) continue;
    const missing = clients.reduce(
      (sum, { clientId, n }) => sum + Math.max(0, n - (lastN.get(clientId) ?? 0)),
      0,
    );
    const { people = [], ofUnknown = 0 } = told.get(deviceId) ?? {};
    const said = people.reduce((sum, { changes }) => sum + changes, ofUnknown);
    if (said !== missing)
      witness.violated(
        "I9",
        `the clinic says ${said} of ${missing} changes lost with the store of ${deviceId}`,
      );
  }
}

/** F18: nothing of somebody who was shut out took effect; it waits in quarantine. */
function judgeRights({ witness }: Play, settled: readonly Settled[]): void {
  for (const { userId, from, until } of witness.shutOut)
    for (const row of settled) {
      const seq = Number(row.seq);
      const within = row.user_id === userId && seq > from && (until === null || seq < until);
      if (within && row.status === "applied")
        witness.violated("I6", `${row.name} (n ${row.n}) was accepted from somebody who was shut out`);
    }
}

/** F18: nothing took effect in a role that its author no longer had. */
function judgeRoles({ witness }: Play, settled: readonly Settled[], records: readonly Recorded[]): void {
  const stored = new Set(settled.filter(isStored).map((row) => `${row.device_id}/${row.user_id}/${row.n}`));
  for (const { body, seq } of records) {
    const userId = userOf(body);
    if (body.outcome !== "ok" || !stored.has(`${body.actor.deviceId}/${userId}/${body.deviceSeq}`)) continue;
    const change = witness.staffing.findLast(
      (one) => one.userId === userId && one.role === body.actor.role && one.from < seq,
    );
    if (change && !change.held)
      witness.violated("I6", `${body.action} (record ${seq}) was accepted from a ${change.role} of before`);
  }
}

/** F21: what came from a device that was reported lost took no effect unseen. */
function judgeLost({ witness }: Play, settled: readonly Settled[]): void {
  for (const { deviceId, from } of witness.lost)
    for (const row of settled)
      if (row.device_id === deviceId && Number(row.seq) > from && row.status !== "quarantined")
        witness.violated("I9", `${row.name} (n ${row.n}) of a lost device was ${row.status}`);
}

/** A copied profile counts its changes beside the other one, or anew, as does a new PIN: their records are only counted. */
const isRecounted = ({ witness }: Play, deviceId: string | null | undefined): boolean =>
  witness.recounted.has(deviceId ?? "");

function judgeOrder(play: Play, settled: readonly Settled[], records: readonly Recorded[]): void {
  const { witness } = play;
  const waited = new Set(
    settled
      .filter((row) => hadWaited(play, `${row.client_id}/${row.n}`))
      .map((row) => `${row.device_id}/${row.user_id}/${row.n}`),
  );
  let before: Settled | undefined;
  for (const row of settled) {
    const first = before?.client_id !== row.client_id;
    if (Number(row.n) !== (first ? 1 : Number(before?.n) + 1))
      witness.violated("I3", `client ${row.client_id} has a gap before n ${row.n}`);
    const late = waited.has(`${before?.device_id}/${before?.user_id}/${before?.n}`);
    if (!first && !late && Number(row.seq) < Number(before?.seq))
      witness.violated("I3", `client ${row.client_id}: n ${row.n} was committed before n ${before?.n}`);
    before = row;
  }
  const last = new Map<string, number>();
  for (const { body, seq } of records) {
    if (isRecounted(play, body.actor.deviceId)) continue;
    const who = `${body.actor.deviceId}/${userOf(body)}`;
    const n = body.deviceSeq ?? 0;
    if (waited.has(`${who}/${n}`)) continue;
    if (n <= (last.get(who) ?? 0))
      witness.violated("I3", `record ${seq} tells n ${n} of ${who} out of order`);
    last.set(who, n);
  }
}

/** Whose work it was: of what a device delivered for somebody, that person is named as well. */
const userOf = ({ actor, onBehalfOf }: AuditBody): string | null | undefined =>
  actor.type === "device" ? onBehalfOf : actor.id;

function judgeAudit(
  play: Play,
  allSettled: readonly Settled[],
  allRecords: readonly Recorded[],
  apart: readonly Apart[],
): void {
  const { witness } = play;
  for (const deviceId of witness.recounted) {
    const ids = new Set(allSettled.filter((row) => row.device_id === deviceId).map((row) => row.mutation_id));
    for (const row of apart)
      if (row.device_id === deviceId && row.reason === "client_fork") ids.add(row.mutation_id);
    const recorded = allRecords.filter(({ body }) => body.actor.deviceId === deviceId).length;
    if (recorded !== ids.size)
      witness.violated("I6", `${ids.size} changes of ${deviceId} have ${recorded} audit records`);
  }
  const settled = allSettled.filter((row) => !isRecounted(play, row.device_id));
  const records = allRecords.filter(({ body }) => !isRecounted(play, body.actor.deviceId));
  const byWork = Map.groupBy(
    records,
    ({ body }) => `${body.actor.deviceId}/${userOf(body)}/${body.deviceSeq}`,
  );
  for (const row of settled) {
    const key = `${row.device_id}/${row.user_id}/${row.n}`;
    const [record, ...more] = byWork.get(key) ?? [];
    byWork.delete(key);
    const what = `${row.name} (n ${row.n}) of ${row.client_id}`;
    if (!record) {
      witness.violated("I6", `${what} has no audit record`);
      continue;
    }
    if (more.length > 0) witness.violated("I6", `${what} has ${more.length + 1} audit records`);
    const { action, outcome, actor } = record.body;
    const definition = mutations.get(row.name);
    if ((outcome === "ok") !== isStored(row))
      witness.violated("I6", `${what} is ${row.status}, but its record says ${outcome}`);
    if (outcome === "ok" && action !== definition?.mutation.audit)
      witness.violated("I6", `${what} is recorded as ${action}`);
    if (!actor.role) witness.violated("I6", `${what} is recorded without a role`);
    if (record.seq > Number(row.seq)) witness.violated("I6", `${what} is recorded in another commit`);
  }
  for (const [key, left] of byWork)
    witness.violated("I6", `${left.length} records of ${key} belong to no result`);
}

/** Applied, or merged with what others changed: what could not be stored waits as a question beside it. */
const isStored = ({ status, code }: Settled): boolean =>
  status === "applied" || (status === "conflict" && code === "demographics_conflict");

/** Mutations that make a record, and where it then stands: one record per applied mutation. */
const made = [
  ["patient.register", "select count(*) from patient where record_number > 'TRIAL-000020'"],
  [
    "appointment.book",
    "select count(*) from appointment where jsonb_array_length(trail) > 0 and reason <> '' and not walk_in",
  ],
  ["appointment.walkIn", "select count(*) from appointment where walk_in"],
  ["problem.add", "select count(*) from problem where title ~ '^w[0-9]'"],
  ["allergy.add", "select count(*) from allergy where substance ~ '^w[0-9]'"],
  ["medication.add", "select count(*) from medication where name ~ '^w[0-9]'"],
  ["vitals.record", "select count(*) from vitals where note ~ '^w[0-9]'"],
  ["task.create", "select count(*) from task where title ~ '^w[0-9]'"],
  ["message.send", "select count(*) from message where text ~ '^w[0-9]'"],
  ["note.revise", "select count(*) from note_revision"],
  [
    "recording.begin",
    "select count(*) from recording r where sealed_key <> '' and not exists (select from capture c where c.sound_id = r.id)",
  ],
  ["capture.beginRecording", "select count(*) from capture where sealed_key is not null"],
] as const;

async function judgeEffects(
  { witness }: Play,
  client: pg.Client,
  settled: readonly Settled[],
): Promise<void> {
  for (const [name, sql] of made) {
    const { rows } = await client.query<{ count: string }>(sql);
    const applied = settled.filter((row) => row.name === name && row.status === "applied").length;
    if (Number(rows[0]?.count) !== applied)
      witness.violated("I6", `${applied} × ${name} were accepted, ${rows[0]?.count} records were made`);
  }
}

interface Kept {
  readonly id: string;
  readonly key: string;
  readonly mutationId: string;
  readonly sealed: Buffer;
  readonly handedTo: string | null;
}

/** I9: every word that a person was told is saved stands in the practice, in quarantine, or with its author. */
async function judgeWords(play: Play, client: pg.Client, settled: readonly Settled[]): Promise<void> {
  const tables = collectionNames.filter((name) => name !== "token").map((name) => name.replaceAll("-", "_"));
  const { rows } = await client.query<{ text: string }>(
    [...tables, "note_revision", "row_history"]
      .map((table) => `select to_jsonb(t)::text as text from "${table}" t`)
      .join(" union all "),
  );
  const quarantined = await client.query<Kept>(
    `select id, client_id || '/' || n as key, mutation_id as "mutationId", sealed, handed_to as "handedTo" from quarantine`,
  );
  const handed = quarantined.rows.filter(({ handedTo }) => handedTo !== null);
  const everything = [
    ...rows.map(({ text }) => text),
    ...handed.map((item) => JSON.stringify(openItem(play.server.practice, item))),
  ].join("\n");
  const kept = quarantined.rows.filter(({ handedTo }) => handedTo === null);
  const apart = new Set(kept.map(({ key }) => key));
  const keptIds = new Set(kept.map(({ mutationId }) => mutationId));
  const { witness } = play;
  for (const row of settled)
    if (row.status === "quarantined" && !apart.has(`${row.client_id}/${row.n}`))
      play.witness.violated("I9", `${row.name} (n ${row.n}) of ${row.client_id} is kept nowhere for review`);
  const byKey = new Map(settled.map((row) => [`${row.client_id}/${row.n}`, row]));
  const byId = new Map(settled.map((row) => [row.mutation_id, row]));
  const lost = (one: Captured, word: string): boolean => {
    const { clientId, n, mutationId } = one;
    if (everything.includes(word)) return false;
    // Under a number of two copies both may be kept, or the one of them that did not come first.
    const copied = witness.copiedClients.has(clientId) && mutationId !== null;
    if (copied ? keptIds.has(mutationId) : apart.has(`${clientId}/${n}`)) return false;
    const row = copied ? byId.get(mutationId) : byKey.get(`${clientId}/${n}`);
    // What waited, or was refused and not decided, went with the store: the clinic says so.
    if (witness.mayBeLost(one) && !(row && isStored(row))) return false;
    if (row && isStored(row)) return true;
    return !isWithItsAuthor(play, one, word);
  };
  const statusOf = ({ clientId, n }: Captured) => {
    const row = byKey.get(`${clientId}/${n}`);
    return row ? `${row.status} ${row.code ?? ""}`.trim() : "no result";
  };
  for (const one of play.witness.captured)
    for (const word of one.words)
      if (lost(one, word))
        play.witness.violated("I9", `“${word}” of ${one.name} (n ${one.n}, ${statusOf(one)}) is nowhere`);
}

function isWithItsAuthor(play: Play, one: Captured, word: string): boolean {
  const tablet = play.tablet(one.tablet);
  if (!tablet.alive) return false;
  // A refused hand-over is shown with the change that it would have handed over.
  const items = tablet.local.outbox.get().filter(({ n, notHanded }) => n === one.n || notHanded);
  return items.some(({ args, notHanded }) => JSON.stringify([args, notHanded]).includes(word));
}
