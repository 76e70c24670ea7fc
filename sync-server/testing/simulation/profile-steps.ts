import { capture, generate } from "./act.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { createRandom } from "./random.ts";
import { CHANGED } from "./release.ts";
import type { PlayedTablet } from "./tablet.ts";

type Steps = "evict" | "clone" | "forget" | "update";

/** What befalls browser profiles and the application on them. */
export const profileSteps: { readonly [T in Steps]: (play: Play, step: StepOf<T>) => Promise<void> } = {
  async evict(play, { tablet: index, markKept, chance }) {
    const tablet = play.tablet(index);
    if (play.shutOut.has(tablet.plan.username) || !(await play.ready(tablet))) return;
    await register(play, tablet, chance);
    // A moment for the numbers beside the store.
    play.clock.pass(1000);
    play.clock.runDue();
    await play.quiet();
    if (!tablet.alive) return;
    const device = await tablet.whileAlive(tablet.database.device.get("this"));
    const clients = await tablet.whileAlive(tablet.database.clients.toArray());
    if (!device || !clients) return;
    tablet.evict(markKept);
    play.counts.F12++;
    play.witness.evicted.push({ deviceId: device.id, marked: markKept, clients });
    if (await play.ready(tablet)) await syncWell(play, tablet);
  },

  async clone(play, { tablet: index, network, chance }) {
    const tablet = play.tablet(index);
    if (play.shutOut.has(tablet.plan.username) || play.tablets.length > 4) return;
    if (!(await play.ready(tablet))) return;
    const device = await tablet.whileAlive(tablet.database.device.get("this"));
    const copy = device && (await tablet.whileAlive(play.copyOf(tablet)));
    if (!device || !copy) return;
    play.witness.copied.add(device.id);
    play.witness.recounted.add(device.id);
    const numbers: (number | null)[] = [];
    for (const one of [tablet, copy]) {
      const clientId = await one.whileAlive(one.alive ? one.clientId() : null);
      if (clientId) play.witness.copiedClients.add(clientId);
      numbers.push((await play.ready(one)) ? await register(play, one, chance) : null);
    }
    if (numbers[0] !== null && numbers[0] === numbers[1]) play.counts.F13++;
    for (const one of [tablet, copy]) one.network.up(network, createRandom("copies", chance, one.index));
    await Promise.all([tablet, copy].map((one) => one.run(() => one.local.syncNow())));
    await play.quiet();
    for (const one of [tablet, copy]) one.network.down();
    for (const one of [tablet, copy]) await startAnewIfTold(play, one);
  },

  async forget(play, { tablet: index, network, chance }) {
    const tablet = play.tablet(index);
    if (play.shutOut.has(tablet.plan.username) || !(await play.ready(tablet))) return;
    await register(play, tablet, chance);
    if (!tablet.alive) return;
    const { local } = tablet;
    play.witness.recounted.add(local.session.get().deviceId ?? "");
    if (local.outbox.get().length + local.recordings.get().length > 0) play.counts.F28++;
    tablet.network.up(network, createRandom("forget", chance));
    await tablet.run(() => local.session.forgetPin());
    play.clock.runDue();
    await play.quiet();
    tablet.network.down();
    await play.ready(tablet);
  },

  async update(play, { tablet: index, from, network, chance }) {
    const tablet = play.tablet(index);
    const { release } = play;
    if (from >= release.present && from !== 4) return;
    if (from === 4 && release.present === 4) return;
    if (!(await play.ready(tablet))) return;
    const { words, args } = await generate(play, tablet, chance, CHANGED);
    if (!args) return;
    await play.quiet();
    const saved = await release.as(from, async () => {
      const done = await capture(play, tablet, CHANGED, args, words);
      await play.quiet();
      return done;
    });
    if (!saved) return;
    play.counts.F23++;
    const { n } = play.witness.captured.at(-1)!;
    tablet.kill(); // the page is loaded anew with the other release
    if (await play.ready(tablet)) {
      tablet.network.up(network, createRandom("update", chance));
      await tablet.run(() => tablet.local.syncNow());
      await play.quiet();
      tablet.network.down();
    }
    if (from < release.present) return;
    // Updated before the clinic was: nothing of it may be gone when the clinic follows.
    const waits = tablet.alive && tablet.local.session.get().state === "unlocked";
    if (waits && !tablet.local.outbox.get().some((item) => item.n === n))
      play.witness.violated("I2", `n ${n} of tablet ${index} was taken by a clinic that cannot read it`);
    release.become(4);
  },
};

/** Registers somebody on a tablet; the number of that change, or null. */
async function register(play: Play, tablet: PlayedTablet, chance: number): Promise<number | null> {
  const { words, args } = await generate(play, tablet, chance, CHANGED);
  if (!args) return null;
  return (await capture(play, tablet, CHANGED, args, words)) ? play.witness.captured.at(-1)!.n : null;
}

async function syncWell(play: Play, tablet: PlayedTablet): Promise<void> {
  tablet.network.up([], createRandom("well"));
  for (let round = 0; round < 2 && tablet.alive; round++) {
    await tablet.run(() => tablet.local.syncNow());
    play.clock.pass(1000);
    play.clock.runDue();
    await play.quiet();
  }
  tablet.network.down();
}

/** Who reads that this tablet is a copy gives it a history of its own, once nothing else there waits for a decision. */
export async function startAnewIfTold(play: Play, tablet: PlayedTablet): Promise<void> {
  if (!tablet.alive || tablet.local.session.get().state !== "unlocked") return;
  const refused = tablet.local.outbox.get().filter(({ status }) => status === "refused");
  if (refused.length === 0 || refused.some(({ code }) => code !== "client_fork")) return;
  await tablet.run(() => tablet.local.session.forgetPin());
  await play.ready(tablet);
}
