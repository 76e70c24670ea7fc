import type pg from "pg";
import type { AuditBody } from "#domain/audit/record.ts";
import { collectionNames, mutations } from "#domain/registry.ts";
import type { Play } from "../play.ts";
import type { Captured } from "../witness.ts";

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
  judgeResults(play, settled);
  judgeOrder(play, settled, records);
  judgeAudit(play, settled, records);
  await judgeEffects(play, client, settled);
  await judgeWords(play, client, settled);
}

function judgeResults({ witness }: Play, settled: readonly Settled[]): void {
  const byKey = new Map(settled.map((row) => [`${row.client_id}/${row.n}`, row]));
  for (const { clientId, n, name } of witness.captured) {
    const row = byKey.get(`${clientId}/${n}`);
    if (!row) witness.violated("I2", `${name} (n ${n}) of ${clientId} has no result`);
    else if (row.name !== name)
      witness.violated("I2", `n ${n} of ${clientId} became ${row.name} instead of ${name}`);
    else if (row.status === "held") witness.violated("I2", `${name} (n ${n}) has no final result`);
  }
  for (const [key, answers] of witness.results) {
    const final = answers.filter(({ status }) => status !== "held");
    const words = new Set(final.map(({ status, code }) => `${status} ${code ?? ""}`.trim()));
    const row = byKey.get(key);
    if (row) words.add(`${row.status} ${row.code ?? ""}`.trim());
    if (words.size > 1) witness.violated("I2", `${key} has several results: ${[...words].join(" and ")}`);
    const seqs = new Set(final.map(({ seq }) => seq));
    if (seqs.size > 1) witness.violated("I2", `${key} was committed several times: ${[...seqs].join(", ")}`);
  }
}

function judgeOrder({ witness }: Play, settled: readonly Settled[], records: readonly Recorded[]): void {
  let before: Settled | undefined;
  for (const row of settled) {
    const first = before?.client_id !== row.client_id;
    if (Number(row.n) !== (first ? 1 : Number(before?.n) + 1))
      witness.violated("I3", `client ${row.client_id} has a gap before n ${row.n}`);
    if (!first && Number(row.seq) < Number(before?.seq))
      witness.violated("I3", `client ${row.client_id}: n ${row.n} was committed before n ${before?.n}`);
    before = row;
  }
  const last = new Map<string, number>();
  for (const { body, seq } of records) {
    const who = `${body.actor.deviceId}/${userOf(body)}`;
    const n = body.deviceSeq ?? 0;
    if (n <= (last.get(who) ?? 0))
      witness.violated("I3", `record ${seq} tells n ${n} of ${who} out of order`);
    last.set(who, n);
  }
}

/** Whose work it was: of what a device delivered for somebody, that person is named as well. */
const userOf = ({ actor, onBehalfOf }: AuditBody): string | null | undefined =>
  actor.type === "device" ? onBehalfOf : actor.id;

function judgeAudit({ witness }: Play, settled: readonly Settled[], records: readonly Recorded[]): void {
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
    if ((outcome === "ok") !== (row.status === "applied"))
      witness.violated("I6", `${what} is ${row.status}, but its record says ${outcome}`);
    if (outcome === "ok" && action !== definition?.mutation.audit)
      witness.violated("I6", `${what} is recorded as ${action}`);
    if (!actor.role) witness.violated("I6", `${what} is recorded without a role`);
    if (record.seq > Number(row.seq)) witness.violated("I6", `${what} is recorded in another commit`);
  }
  for (const [key, left] of byWork)
    witness.violated("I6", `${left.length} records of ${key} belong to no result`);
}

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
  ["recording.begin", "select count(*) from recording where sealed_key <> ''"],
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

/** I9: every word that a person was told is saved stands in the practice, in quarantine, or with its author. */
async function judgeWords(play: Play, client: pg.Client, settled: readonly Settled[]): Promise<void> {
  const tables = collectionNames.filter((name) => name !== "token").map((name) => name.replaceAll("-", "_"));
  const { rows } = await client.query<{ text: string }>(
    [...tables, "note_revision", "row_history"]
      .map((table) => `select to_jsonb(t)::text as text from "${table}" t`)
      .join(" union all "),
  );
  const everything = rows.map(({ text }) => text).join("\n");
  const quarantined = await client.query<{ key: string }>(
    "select client_id || '/' || n as key from quarantine",
  );
  const apart = new Set(quarantined.rows.map(({ key }) => key));
  const byKey = new Map(settled.map((row) => [`${row.client_id}/${row.n}`, row]));
  const lost = (one: Captured, word: string): boolean => {
    if (everything.includes(word) || apart.has(`${one.clientId}/${one.n}`)) return false;
    const row = byKey.get(`${one.clientId}/${one.n}`);
    if (row?.status === "applied") return true;
    return !isWithItsAuthor(play, one, word);
  };
  for (const one of play.witness.captured)
    for (const word of one.words)
      if (lost(one, word)) play.witness.violated("I9", `“${word}” of ${one.name} (n ${one.n}) is nowhere`);
}

function isWithItsAuthor(play: Play, one: Captured, word: string): boolean {
  const tablet = play.tablet(one.tablet);
  if (!tablet.alive) return false;
  const item = tablet.local.outbox.get().find(({ n }) => n === one.n);
  return item !== undefined && JSON.stringify(item.args).includes(word);
}
