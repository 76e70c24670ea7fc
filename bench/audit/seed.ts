import { hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import pg from "pg";
import { type AuditAction, auditActions } from "#domain/audit/actions.ts";
import { Frontier } from "#domain/audit/merkle.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { originOf, signNote } from "#domain/audit/signed-note.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { now, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { KeyStore } from "#server/keys/key-store.ts";
import { createRandom, type Random } from "#server/testing/simulation/random.ts";

const PAGE = 5000;
/** Records between two signed heads, as the server does under load. */
const SIGNED_EVERY = 100;
/** Two years end at the present. */
const SPAN = 2 * 365 * 24 * 3600 * 1000;

/** Whose records they are: a practice of forty, three of whom write most of it. */
const PEOPLE = 40;
const PATIENTS = 5000;

export interface Seeded {
  /** Everybody in the log, the busiest first. */
  readonly people: readonly string[];
  readonly patients: readonly string[];
  /** Bytes that were hashed for leaves and chain. */
  readonly bytes: number;
}

export interface SeedOptions {
  readonly ownerUrl: string;
  readonly practiceId: string;
  readonly keys: Pick<KeyStore, "audit">;
  readonly records: number;
  /** Gets the hashed bytes, one record after another: what the peer hashes. */
  readonly bytesTo?: string;
}

const frequent: readonly AuditAction[] = [
  "chart.opened",
  "chart.replicated",
  "appointment.checked_in",
  "note.revised",
  "recording.part_stored",
  "session.refreshed",
  "vitals.recorded",
];
/** A restore is told apart by what it names; one that names nothing would be a fork. */
const all = (Object.keys(auditActions) as AuditAction[]).filter((action) => action !== "restore.executed");

/** Small numbers come often, large ones seldom. */
const skewed = (random: Random, below: number): number => Math.floor(below * (random.below(1e6) / 1e6) ** 3);

function bodyOf(random: Random, at: number, people: readonly string[], patients: readonly string[]): string {
  const denied = random.below(50) === 0;
  const action = denied ? "access.denied" : random.pick(random.below(5) === 0 ? all : frequent);
  const patientId = patients[skewed(random, patients.length)]!;
  const body: AuditBody = {
    recordedAt: new Date(at).toISOString(),
    occurredAt: new Date(at - random.below(3000)).toISOString(),
    deviceSeq: random.below(100_000),
    actor: {
      type: "user",
      id: people[skewed(random, people.length)]!,
      role: "clinician",
      sessionId: people[random.below(people.length)]!,
      deviceId: people[random.below(people.length)]!,
    },
    action,
    resource: { type: "note", id: patients[random.below(patients.length)]!, version: random.below(9) },
    outcome: denied ? "denied" : "ok",
    requestId: people[random.below(people.length)]!,
    ...(denied
      ? { reason: "forbidden", permission: "note:read", route: "GET /api/notes/{id}" }
      : { patientId }),
    changed: ["sections", "status"],
    before: hash("sha256", String(random.below(1e9))),
  };
  return canonical(body);
}

interface Page {
  readonly seq: number[];
  readonly id: string[];
  readonly salt: Buffer[];
  readonly body: string[];
  readonly leaf: Buffer[];
  readonly hash: Buffer[];
}

/** What grows from record to record. */
interface Growth {
  readonly tree: Frontier;
  previous: Buffer;
  bytes: number;
}

const emptyPage = (): Page => ({ seq: [], id: [], salt: [], body: [], leaf: [], hash: [] });

/** Adds one record to the chain, the tree and the page. @returns what was hashed for its leaf */
function append(growth: Growth, page: Page, body: string): Buffer {
  const seq = growth.tree.size + 1;
  const salt = Buffer.from(randomBytes(16));
  const leafBytes = Buffer.concat([Buffer.of(0), salt, Buffer.from(body)]);
  const leaf = hash("sha256", leafBytes, "buffer");
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(seq));
  growth.previous = hash("sha256", Buffer.concat([Buffer.of(2), growth.previous, number, leaf]), "buffer");
  growth.bytes += leafBytes.length;
  growth.tree.add(leaf);
  page.seq.push(seq);
  page.id.push(newId());
  page.salt.push(salt);
  page.body.push(body);
  page.leaf.push(leaf);
  page.hash.push(growth.previous);
  return leafBytes;
}

async function begin(client: pg.Client): Promise<{ growth: Growth; epoch: string }> {
  const { rows } = await client.query("select leaf, hash from audit_log order by seq");
  const { rows: epochs } = await client.query(
    "select epoch from sync_epoch order by started_at desc limit 1",
  );
  const tree = new Frontier();
  for (const row of rows) tree.add(row.leaf);
  return {
    growth: { tree, previous: rows.at(-1)?.hash ?? Buffer.alloc(32), bytes: 0 },
    epoch: epochs[0].epoch,
  };
}

async function store(
  client: pg.Client,
  page: Page,
  epoch: string,
  notes: readonly SignedHead[],
): Promise<void> {
  await client.query(
    `insert into audit_log(seq, id, salt, body, leaf, hash)
     select * from unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[])`,
    [page.seq, page.id, page.salt, page.body, page.leaf, page.hash],
  );
  await client.query(
    `insert into audit_checkpoint(size, epoch, note) select size, $1, note from unnest($2::bigint[], $3::text[]) s(size, note)
     on conflict do nothing`,
    [epoch, notes.map(({ size }) => size), notes.map(({ note }) => note)],
  );
}

interface SignedHead {
  readonly size: number;
  readonly note: string;
}

/** Fills the log of a practice that has just been founded, in the ledger's own form, with its signed heads. */
export async function seedLog({
  ownerUrl,
  practiceId,
  keys,
  records,
  bytesTo,
}: SeedOptions): Promise<Seeded> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const out = bytesTo === undefined ? null : createWriteStream(bytesTo);
  try {
    const random = createRandom(1);
    const people = Array.from({ length: PEOPLE }, newId);
    const patients = Array.from({ length: PATIENTS }, newId);
    const { growth, epoch } = await begin(client);
    const { tree } = growth;
    const last = tree.size + records;
    const ended = now() - 60_000;
    const origin = originOf(practiceId);
    while (tree.size < last) {
      const page = emptyPage();
      const notes: SignedHead[] = [];
      while (page.seq.length < PAGE && tree.size < last) {
        const at = ended - Math.round(((last - tree.size - 1) / records) * SPAN);
        out?.write(append(growth, page, bodyOf(random, at, people, patients)));
        const { size } = tree;
        if (size % SIGNED_EVERY !== 0 && size !== last) continue;
        const head = { origin, size, root: tree.root(), epoch, at: new Date(at).toISOString() };
        notes.push({ size, note: await signNote(head, keys.audit.publicKey, keys.audit.sign) });
      }
      await store(client, page, epoch, notes);
    }
    await client.query("analyze audit_log");
    return { people, patients, bytes: growth.bytes };
  } finally {
    if (out) {
      out.end();
      await finished(out);
    }
    await client.end();
  }
}
