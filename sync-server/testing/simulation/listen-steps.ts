import { capture, generate } from "./act.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { createRandom } from "./random.ts";
import { realWait } from "./real-wait.ts";
import type { PlayedTablet } from "./tablet.ts";

/** Longer than a tablet waits before it asks for its live stream again. */
const AGAIN = 31_000;
/** Milliseconds, real ones, within which a tablet that listens shows what another delivered, also on a busy machine. */
const PATIENCE = 10_000;

/** Waits for what events bring about: they come when PostgreSQL tells of a commit, which no played clock decides. */
async function comesTrue(condition: () => boolean): Promise<boolean> {
  const end = performance.now() + PATIENCE;
  while (!condition() && performance.now() < end) await realWait(1);
  return condition();
}

/** Lets time pass until the tablet has a live stream; false when its person may not have one. */
async function opensStream(play: Play, tablet: PlayedTablet): Promise<boolean> {
  const isOpen = () => tablet.network.streams > 0;
  for (let tries = 0; tries < 3 && !isOpen() && tablet.alive; tries++) {
    play.clock.pass(AGAIN);
    play.clock.runDue();
    await play.quiet();
  }
  return isOpen() && tablet.alive && tablet.local.session.get().state === "unlocked";
}

/** Somebody registers a patient and delivers that; its id, once the clinic has it and shows it to everybody. */
async function delivers(play: Play, tablet: PlayedTablet, chance: number): Promise<string | null> {
  if (!(await play.ready(tablet))) return null;
  const { words, args } = await generate(play, tablet, chance, "patient.register");
  if (!args || !(await capture(play, tablet, "patient.register", args, words))) return null;
  tablet.network.up([], createRandom("deliver", chance));
  if (tablet.alive) await tablet.run(() => tablet.local.syncNow());
  await play.quiet();
  tablet.network.down();
  const { em } = play.server.practice.database;
  const found = await em.fork().execute("select from patient where id = ?", [args.id]);
  return found.length > 0 ? args.id : null;
}

const shows = (tablet: PlayedTablet, id: string): boolean =>
  !tablet.alive ||
  tablet.local.session.get().state !== "unlocked" ||
  tablet.rows("patient").some((patient) => patient.id === id);

/**
 * F15: a tablet listens, the server ends and another begins, and while nobody hears anything somebody else's work is
 * committed. The tablet finds its way back, has what it missed, and is told of what comes then without asking.
 */
export async function playListen(play: Play, { tablet: index, chance }: StepOf<"listen">): Promise<void> {
  const tablet = play.tablet(index);
  const others = play.tablets.filter((one) => one !== tablet);
  if (others.length === 0 || !(await play.ready(tablet))) return;
  const other = createRandom("other", chance).pick(others);
  tablet.network.up([], createRandom("listen", chance));
  tablet.network.listens(true);
  if (await opensStream(play, tablet)) {
    play.counts.F15 += tablet.network.streams;
    await play.server.restartAfter(async () => tablet.network.breakStreams());
    const missed = await delivers(play, other, chance);
    if (!(await opensStream(play, tablet))) {
      if (tablet.alive && tablet.local.session.get().state === "unlocked")
        play.witness.violated("I1", `tablet ${index} does not listen again`);
    } else {
      if (missed && !(await comesTrue(() => shows(tablet, missed))))
        play.witness.violated("I1", `tablet ${index} listens again and has not what it missed`);
      const told = await delivers(play, other, chance + 1);
      const listens = tablet.network.streams > 0;
      if (told && listens && !(await comesTrue(() => shows(tablet, told))))
        play.witness.violated("I1", `tablet ${index} listens and was not told of a change`);
    }
  }
  await play.quiet();
  tablet.network.listens(false);
  tablet.network.down();
}
