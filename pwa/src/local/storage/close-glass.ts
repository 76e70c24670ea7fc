import { mayOpenChart, streams as streamNames } from "#domain/access/scope.ts";
import { isGlassBroken } from "#domain/break-glass/index.ts";
import { readersOf } from "#domain/care-team/index.ts";
import { after, now } from "#domain/kernel/clock.ts";
import { recordsOf } from "#domain/patient/index.ts";
import type { Local } from "../local.ts";

/** Puts these charts away: key, rows and half-typed words go now, and the clinic hears of it when it answers. */
async function giveUp(local: Local, patientIds: readonly string[]): Promise<void> {
  const replica = local.replica();
  if (!replica) return;
  const gone = new Set(patientIds.map(streamNames.chart));
  const { want, putAway } = replica.cursor;
  await replica.remember({
    want: want.filter((stream) => !gone.has(stream)),
    putAway: [...new Set([...putAway, ...gone])],
  });
  await local.keptWords()?.purge(patientIds);
  await local.syncNow();
}

/**
 * Takes a restricted chart off this tablet when the hour for which somebody opened it is over, or they closed it: also while
 * the clinic does not answer. Returns what ends the watch.
 */
export function closeGlass(local: Local): () => void {
  const glasses = local.rows("break-glass", {});
  const teams = local.rows("care-team", { where: { restricted: true } });
  let cancel = () => {};
  const look = () => {
    cancel();
    const { user, deviceId, state } = local.session.get();
    const replica = local.replica();
    if (state !== "unlocked" || !user || !replica) return;
    const at = now() - (local.connection.get().clockSkew ?? 0) * 1000;
    const reader = { id: user.id, role: user.role, deviceId };
    const { rows } = glasses.get();
    const broken = rows.filter((one) => isGlassBroken(one, reader, at));
    const links = local.mergeLinks.get();
    const open = new Set(broken.flatMap(({ patientId }) => recordsOf(links, patientId)));
    const held = new Set(replica.streams.get().map(({ stream }) => stream));
    const shut = rows
      .flatMap(({ patientId }) => recordsOf(links, patientId))
      .filter((id) => {
        if (open.has(id) || !held.has(streamNames.chart(id))) return false;
        const records = recordsOf(links, id);
        return !mayOpenChart(
          user.id,
          readersOf(teams.get().rows.filter((team) => records.includes(team.patientId))),
        );
      });
    if (shut.length > 0)
      giveUp(local, [...new Set(shut)]).catch((error: unknown) =>
        console.error("a restricted chart could not be put away", error),
      );
    const next = Math.min(...broken.map(({ until }) => Date.parse(until)));
    if (Number.isFinite(next)) cancel = after(next - at, look);
  };
  const stops = [glasses.subscribe(look), teams.subscribe(look), local.session.subscribe(look)];
  look();
  return () => {
    cancel();
    for (const stop of stops) stop();
  };
}
