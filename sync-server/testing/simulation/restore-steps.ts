import type { Role } from "#domain/access/roles.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { beginEpoch } from "#server/backup/recover.ts";
import { openDatabase } from "#server/database/database.ts";
import { createLedger } from "#server/database/ledger.ts";
import { standingOf } from "#server/mirror/standing.ts";
import { withClient } from "#server/operations/postgres-roles.ts";
import { settleHeld } from "#server/sync/settle-held.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { changeRole, rolesOf, setDisabled } from "./practice-actions.ts";
import type { PlayedTablet } from "./tablet.ts";

interface Kept {
  readonly at: string;
  readonly head: number;
}

const backups = new WeakMap<Play, Kept>();

/** A tablet that is to be wiped and has not delivered: it may be a client that a backup does not know, and nobody could vouch for it. */
async function someWipes({ tablets, witness }: Play): Promise<boolean> {
  const lost = new Set(witness.lost.map(({ deviceId }) => deviceId));
  for (const tablet of tablets.filter(({ isNew }) => !isNew))
    if (lost.has((await tablet.identity()).deviceId ?? "")) return true;
  return false;
}

/** Who can give back what: a tablet that was wiped or cleared since has nothing any more. */
async function present(tablets: readonly PlayedTablet[]) {
  const clients = new Set<string>();
  const devices = new Set<string>();
  for (const tablet of tablets.filter(({ isNew }) => !isNew)) {
    const { clientId, deviceId } = await tablet.identity();
    if (clientId !== null) clients.add(clientId);
    if (deviceId !== null) devices.add(deviceId);
  }
  return { clients, devices };
}

/** F16: the practice goes back to an older backup while tablets hold work of which that knows nothing. */
export const restoreSteps: {
  readonly [T in "back-up" | "restore"]: (play: Play, step: StepOf<T>) => Promise<void>;
} = {
  async "back-up"(play) {
    await play.server.revive();
    await play.server.idle();
    await play.home.backUp();
    backups.set(play, { at: instantNow(), head: await play.server.head() });
  },

  async restore(play) {
    const kept = backups.get(play);
    await play.server.revive();
    if (!kept || (await someWipes(play))) return;
    const applied = [...play.witness.results.values()].flat();
    const missed = applied.some(({ status, seq = 0 }) => status === "applied" && seq > kept.head);
    await play.server.idle();
    const usernames = new Set(play.plan.tablets.map((tablet) => tablet.username));
    const held = new Map<string, readonly Role[]>();
    for (const username of usernames) held.set(username, await rolesOf(play.server, username));
    const standing = await standingOf(play.server.practice.database.em.fork());
    await play.server.restartAfter(async () => {
      await play.home.bringBack();
      const database = await openDatabase(play.home.database.appUrl, 2);
      await beginEpoch(createLedger(database), { at: kept.at, auditHead: kept.head }, standing);
      await database.close(true);
    });
    play.lastSeen.clear();
    play.witness.wentBack(kept.head, await present(play.tablets));
    // Somebody who was let in again since the backup asks for that once more.
    for (const username of usernames)
      if (!play.shutOut.has(username)) await setDisabled(play.server, username, false);
    // Somebody who lost every role of before the backup was given another since: without it they cannot sign in.
    for (const [username, roles] of held)
      if ((await rolesOf(play.server, username)).length === 0)
        for (const role of roles) {
          const { userId, seq } = await changeRole(play.server, username, "role.grant", role);
          play.witness.staffing.push({ userId, role, held: true, from: seq });
        }
    if (missed) play.counts.F16++;
  },
};

/** Seven days later, for what was given back and never got what it belongs to. Says whether there was any. */
export async function loseHope(play: Play): Promise<boolean> {
  const { rowCount } = await withClient(play.database.ownerUrl, (client) =>
    client.query("update held_mutation set held_at = held_at - interval '8 days'"),
  );
  if (!rowCount) return false;
  await settleHeld(play.server.practice);
  return true;
}
