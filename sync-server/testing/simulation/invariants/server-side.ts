import type pg from "pg";
import { instantNow } from "#domain/kernel/clock.ts";
import { type NoteContent, revisionHash } from "#domain/note/index.ts";
import { verifyAudit } from "#server/audit/verify-database.ts";
import type { Play } from "../play.ts";
import type { Witness } from "../witness.ts";
import { signedText } from "./on-the-way.ts";

/** I1 by the tablets' own digests, I7, I8 and the chain of the audit log. */
export async function judgeServer(play: Play, client: pg.Client): Promise<void> {
  await judgeSigned(play, client);
  await judgeOverlaps(play, client);
  await judgeDigests(play, client);
  const { practice, checkpoints } = play.server;
  await checkpoints.make();
  const verdict = await verifyAudit(practice.database.em.fork(), checkpoints.key);
  if (!verdict.whole) play.witness.violated("I6", `the chain is broken at ${verdict.seq} (${verdict.fault})`);
}

/** A wrong copy is fetched anew as soon as its digest says so; that there was one is the fault. */
async function judgeDigests({ witness }: Play, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ device_id: string; kind: string }>(
    "select device_id, kind from sync_mismatch",
  );
  for (const { device_id, kind } of rows)
    witness.violated("I1", `the copy of ${kind} on device ${device_id} was not the clinic's`);
}

interface SignedNote {
  readonly id: string;
  readonly content: NoteContent;
  readonly signature: { hash: string; revisionId: string };
  readonly revisionHash: string;
  readonly revisionId: string;
  readonly patientId: string;
  readonly authorId: string;
}

async function judgeSigned({ witness }: Play, client: pg.Client): Promise<void> {
  const { rows } = await client.query<SignedNote>(
    `select id, content, signature, revision_hash as "revisionHash", revision_id as "revisionId",
       patient_id as "patientId", author_id as "authorId" from note where status = 'signed'`,
  );
  const byId = new Map(rows.map((note) => [note.id, note]));
  const settled = await client.query<{ key: string; status: string }>(
    "select client_id || '/' || n as key, status from sync_mutation",
  );
  const statusOf = new Map(settled.rows.map(({ key, status }) => [key, status]));
  for (const note of rows)
    if (revisionHash(note.id, note.content) !== note.signature.hash)
      witness.violated("I7", `signed note ${note.id} is not what its signature says`);
  for (const [id, text] of witness.signed) {
    const note = byId.get(id);
    if (note && signedText({ ...note }) === text && !witness.signedOtherwise.has(id)) continue;
    if (!wentWithRestore(witness, id, statusOf)) witness.violated("I7", `signed note ${id} changed`);
  }
}

/**
 * What made the note so was lost with the records of the clinic, and did not take effect again: whoever gave it back had no
 * right any more, as on a tablet that was reported lost since, or a browser had thrown it away. Then another signature counts.
 */
function wentWithRestore(witness: Witness, noteId: string, statusOf: ReadonlyMap<string, string>): boolean {
  for (const [key, one] of witness.acknowledged) {
    if (one.id !== noteId || !one.name.startsWith("note.")) continue;
    const status = statusOf.get(key);
    if (status === "quarantined" || (status === undefined && witness.mayBeLost(one))) return true;
  }
  return false;
}

async function judgeOverlaps({ witness }: Play, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ a: string; b: string }>(
    `select a.id as a, b.id as b from appointment a join appointment b
       on a.clinician_id = b.clinician_id and a.lane = b.lane and a.id < b.id
     where a.status not in ('cancelled', 'no-show') and b.status not in ('cancelled', 'no-show')
       and a.start < b.start + make_interval(mins => b.minutes)
       and b.start < a.start + make_interval(mins => a.minutes)`,
  );
  for (const { a, b } of rows) witness.violated("I8", `appointments ${a} and ${b} overlap`);
  const promised = await client.query<{ lease: string; booked: string }>(
    `select l.id as lease, a.id as booked from slot_lease l join appointment a
       on a.clinician_id = l.clinician_id and a.lane = l.lane
     where l.status = 'held' and l.until > $1 and a.status not in ('cancelled', 'no-show')
       and a.start < l.start + make_interval(mins => l.minutes)
       and l.start < a.start + make_interval(mins => a.minutes)`,
    [instantNow()],
  );
  for (const { lease, booked } of promised.rows)
    witness.violated("I8", `appointment ${booked} lies over the time ${lease} that a desk may promise`);
}
