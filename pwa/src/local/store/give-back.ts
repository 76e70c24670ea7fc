import type { GivenBack, KnownClient, KnownClients } from "#domain/sync/protocol.ts";
import type { OutboxEntry } from "../../outbox/outbox.ts";
import type { Keyring } from "../keys/keyring.ts";
import { cameBehind, ordered } from "./apply-page.ts";
import type { LocalDatabase, OutboxRecord } from "./database.ts";
import type { LocalPart } from "./recording-records.ts";
import { type CursorState, sealCursor } from "./sync-state.ts";

/**
 * The clinic's records were restored (another epoch): everything pulled is dropped, keys first, and all sound is offered
 * again. The outbox stays, and acknowledged entries that the backup does not know are put back in line by
 * {@link requeueAll}, also those that were once before, for another restore.
 */
export async function forgetRows(
  database: LocalDatabase,
  keyring: Keyring,
  next: CursorState,
): Promise<void> {
  const cursor = await sealCursor(keyring, next);
  const { userId } = keyring;
  await database.transaction(
    "rw",
    [
      database.streams,
      database.rows,
      database.cursors,
      database.hot,
      database.outbox,
      database.sent,
      database.results,
      database.recordings,
    ],
    async () => {
      await forgetAsking(database);
      const kids = await database.streams.where("user").equals(userId).primaryKeys();
      await database.streams.bulkDelete(kids);
      await database.rows.where("kid").anyOf(kids).delete();
      await database.hot.delete(userId);
      await database.cursors.put(cursor);
      await sendSoundAgain(database);
    },
  );
}

/** Of what the clinic answered: that it was asked for once more, for the restore before. Inside a transaction. */
async function forgetAsking({ outbox, sent, results }: LocalDatabase): Promise<void> {
  const answered = await outbox.bulkGet(await results.toCollection().primaryKeys());
  const refused = answered.filter((entry) => entry !== undefined);
  await outbox.bulkPut(refused.map(({ again: _, ...entry }) => entry));
  await sent.bulkPut((await sent.toArray()).map(({ again: _, ...entry }) => entry));
}

const after = (clientId: string, n: number): [[string, number], [string, number], boolean, boolean] => [
  [clientId, n],
  [clientId, Number.MAX_SAFE_INTEGER],
  false,
  true,
];

/** Hash of a client's mutation, where this device can still tell: what was written next chains to it. */
async function hashOf(database: LocalDatabase, clientId: string, n: number): Promise<string | null> {
  const key: [string, number] = [clientId, n + 1];
  const next = (await database.outbox.get(key)) ?? (await database.sent.get(key));
  if (next) return next.envelope.prevHash;
  const client = await database.clients.get(clientId);
  return client?.n === n ? client.prevHash : null;
}

/**
 * Entries above `lastN` were lost with the old database: they wait again, whatever answer they once had. What a person has
 * decided about since goes along for its number only. Where the clinic's last one is not this device's, another copy of the
 * profile gave back first: then everything here is shown once more, and what has a taken number is kept for review.
 * @returns how many wait again
 */
export const requeueAfterRestore = (
  database: LocalDatabase,
  { clientId, lastN, lastHash }: KnownClient & { readonly clientId: string },
): Promise<number> =>
  database.transaction(
    "rw",
    [database.outbox, database.sent, database.results, database.clients],
    async () => {
      const isOther = lastHash != null && (await hashOf(database, clientId, lastN)) !== lastHash;
      const range = after(clientId, isOther ? 0 : lastN);
      const asks = ({ n, again }: OutboxRecord) => n > lastN || !again;
      const sent = (
        await database.sent
          .where("[clientId+n]")
          .between(...range)
          .toArray()
      ).filter(asks);
      const answers = await database.results
        .where("[clientId+n]")
        .between(...range)
        .toArray();
      const answered = await database.outbox.bulkGet(answers.map(({ n }): [string, number] => [clientId, n]));
      const refused = answered.flatMap((entry, i) => (entry ? [ordered(entry, cameBehind(answers[i]))] : []));
      const entries = [...sent.map(({ sentAt: _, ...entry }) => entry), ...refused.filter(asks)];
      const keys = entries.map(({ n }): [string, number] => [clientId, n]);
      await database.outbox.bulkPut(entries.map((entry): OutboxRecord => ({ ...entry, again: true })));
      await database.sent.bulkDelete(keys);
      await database.results.bulkDelete(keys);
      return entries.length;
    },
  );

/** Everybody's sound that is still here: a clinic that has a part says so, and nothing is sent twice. */
export const sendSoundAgain = (database: LocalDatabase): Promise<number> =>
  database.recordings.toCollection().modify((record: { parts: readonly LocalPart[] }) => {
    record.parts = record.parts.map((part) => ({ ...part, uploaded: false, uploadUrl: null }));
  });

const mayYield = ({ yields, decided }: Pick<OutboxEntry, "yields" | "decided">) => yields && !decided;

const yielding = (numbers: number[]): Pick<GivenBack, "yields"> =>
  numbers.length > 0 ? { yields: numbers } : {};

/** What the clinic has to know of a batch that it gets once more. */
export async function givenBackOf(
  database: LocalDatabase,
  clientId: string,
  batch: readonly OutboxEntry[],
  epoch: string | null,
): Promise<GivenBack> {
  const earlier = batch.filter((entry) => entry.epoch !== epoch);
  return {
    from: await lowestHeld(database, clientId),
    through: Math.max(0, ...earlier.map(({ mutation }) => mutation.n)),
    decided: batch.filter(({ decided }) => decided).map(({ mutation }) => mutation.n),
    ...yielding(batch.filter(mayYield).map(({ mutation }) => mutation.n)),
  };
}

/** The same for sealed entries, whose envelopes say themselves when they were written. */
export const givenBackByDevice = async (
  database: LocalDatabase,
  clientId: string,
  batch: readonly OutboxRecord[],
): Promise<GivenBack> => ({
  from: await lowestHeld(database, clientId),
  through: 0,
  decided: batch.filter(({ decided }) => decided).map(({ n }) => n),
  ...yielding(batch.filter(mayYield).map(({ n }) => n)),
});

async function lowestHeld(database: LocalDatabase, clientId: string): Promise<number> {
  const first = await Promise.all(
    [database.sent, database.outbox].map((table) =>
      table
        .where("[clientId+n]")
        .between(...after(clientId, 0))
        .first(),
    ),
  );
  return Math.min(...first.flatMap((entry) => (entry ? [entry.n] : [])));
}

/** Puts back in line what the clinic does not know of each client, and all sound then. Says whether there was anything. */
export async function requeueAll(database: LocalDatabase, known: KnownClients): Promise<boolean> {
  let some = 0;
  for (const client of known) some += await requeueAfterRestore(database, client);
  if (some > 0) await sendSoundAgain(database);
  return some > 0;
}
