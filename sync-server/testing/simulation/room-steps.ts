import { chartsOf } from "#pwa/local/storage/charts.ts";
import { type BrowserStorage, lookAtStorage } from "#pwa/local/storage/watch-storage.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { createRandom } from "./random.ts";
import type { PlayedTablet } from "./tablet.ts";

const QUOTA = 1_000_000_000;

/** A browser that gave the tablet so much of its room, from 0 to 1. */
const storageAt = (share: number): BrowserStorage => ({
  estimate: () => Promise.resolve({ usage: Math.round(share * QUOTA), quota: QUOTA }),
  persisted: () => Promise.resolve(true),
  persist: () => Promise.resolve(true),
});

/** F26: a tablet looks at its room, and puts away or takes back the charts that nobody needs today. */
export async function playRoom(play: Play, step: StepOf<"room">): Promise<void> {
  const tablet = play.tablet(step.tablet);
  if (!(await play.ready(tablet))) return;
  const before = new Set(chartsOf(tablet.local).away);
  tablet.network.up(step.network, createRandom("room", step.chance));
  await tablet.run(() => lookAtStorage(tablet.local, storageAt(step.share)));
  await play.quiet();
  tablet.network.down();
  if (!tablet.alive || tablet.local.session.get().state !== "unlocked") return;
  const away = new Set(chartsOf(tablet.local).away);
  play.counts.F26 += [...away].filter((id) => !before.has(id)).length;
  await checkGone(play, tablet, away);
}

/** What was put away is gone from the disk at once, whether the clinic has heard of it or not. */
async function checkGone(play: Play, tablet: PlayedTablet, away: ReadonlySet<string>): Promise<void> {
  const keyring = await tablet.whileAlive(tablet.keyring());
  const disk = keyring && (await tablet.whileAlive(tablet.disk(keyring)));
  for (const { stream } of disk?.streams ?? [])
    if (away.has(stream.slice("chart:".length)))
      play.witness.violated("I4", `tablet ${tablet.index} still stores ${stream}, which it has put away`);
}

/** There is room again. */
export async function giveRoom(tablet: PlayedTablet): Promise<void> {
  if (chartsOf(tablet.local).away.length === 0) return;
  await tablet.run(() => lookAtStorage(tablet.local, storageAt(0.1)));
}
