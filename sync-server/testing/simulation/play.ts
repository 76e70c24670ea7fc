import { inspect } from "node:util";
import type { TestDatabase } from "../database.ts";
import { playAct, reserved } from "./act.ts";
import { type Bug, type BugName, bugs } from "./bugs.ts";
import { checkWiped, faultSteps, letIn } from "./fault-steps.ts";
import { type FaultCounts, noFaults } from "./faults.ts";
import type { Home } from "./home.ts";
import { judgeAll } from "./invariants/judge.ts";
import { checkDisk, type LastSeen, noteCrossing, watchPair } from "./invariants/on-the-way.ts";
import { playListen } from "./listen-steps.ts";
import { PlayedNetwork } from "./network.ts";
import { pendingCrypto } from "./pending-crypto.ts";
import type { Plan, Step, StepOf, TabletPlan } from "./plan.ts";
import { PlayedClock } from "./played-clock.ts";
import { changePair, refile } from "./practice-actions.ts";
import { profileSteps, startAnewIfTold } from "./profile-steps.ts";
import { createRandom } from "./random.ts";
import { realWait } from "./real-wait.ts";
import { PlayedRelease } from "./release.ts";
import { loseHope, restoreSteps } from "./restore-steps.ts";
import { giveRoom, playRoom } from "./room-steps.ts";
import { PlayedServer } from "./server.ts";
import { endRecordings, playRecord } from "./sound.ts";
import { PlayedTablet } from "./tablet.ts";
import { Witness } from "./witness.ts";
import { startOfDay } from "./world.ts";

export interface Played {
  readonly violations: readonly string[];
  /** False when it had to be ended from outside. */
  readonly ended: boolean;
  readonly faults: FaultCounts;
  /** Things people did that were saved. */
  readonly captured: number;
}

const BROKEN = "the play broke";
/** How a violation begins that says nothing of the product. */
export const BROKE = `I0: ${BROKEN}`;

/** Everything of one seed while it is played. */
export class Play {
  readonly plan: Plan;
  readonly witness: Witness;
  readonly counts = noFaults();
  readonly clock: PlayedClock;
  readonly server: PlayedServer;
  readonly database: TestDatabase;
  readonly tablets: PlayedTablet[];
  readonly release = new PlayedRelease();
  /** Who may not sign in now, by username. */
  readonly shutOut = new Set<string>();
  readonly lastSeen = new Map<number, LastSeen>();
  readonly home: Home;
  readonly #store: Bug["store"];

  constructor(plan: Plan, home: Home, bug: BugName | null) {
    this.plan = plan;
    this.home = home;
    this.database = home.database;
    this.witness = new Witness(plan.seed);
    this.clock = new PlayedClock(startOfDay, createRandom("bytes", plan.seed));
    this.server = new PlayedServer(home, this.counts, this.clock, plan.deviceRows);
    const planted = bug ? bugs[bug] : null;
    planted?.server?.(this.server, home.database);
    this.#store = planted?.store;
    this.tablets = [];
    for (const tablet of plan.tablets) this.#addTablet(tablet);
  }

  #addTablet(plan: TabletPlan): PlayedTablet {
    const index = this.tablets.length;
    const random = createRandom("network", this.plan.seed, index);
    const network = new PlayedNetwork(this.server, this.counts, random, (crossing) =>
      noteCrossing(this.witness, crossing),
    );
    const tablet = new PlayedTablet(index, plan, network, this, this.#store);
    this.tablets.push(tablet);
    return tablet;
  }

  /** F13: one more tablet, with the browser profile of this one. */
  async copyOf(tablet: PlayedTablet): Promise<PlayedTablet> {
    const copy = this.#addTablet({ ...tablet.plan, kill: null, network: [] });
    await copy.copy(tablet);
    return copy;
  }

  tablet(index: number): PlayedTablet {
    return this.tablets[index] as PlayedTablet;
  }

  /** Opens a tab with a good network, as a person would before working. */
  async ready(tablet: PlayedTablet): Promise<boolean> {
    if (tablet.alive && tablet.local.session.get().state === "unlocked") return true;
    const script = tablet.isNew ? tablet.plan.network : [];
    tablet.network.up(script, createRandom("ready", this.plan.seed));
    for (let tries = 0; tries < 4; tries++) {
      if (await tablet.ready()) break;
      await this.goOnWiping(tablet);
    }
    await this.quiet();
    tablet.network.down();
    if (!tablet.alive) return false;
    watchPair(this.witness, tablet);
    return tablet.local.session.get().state === "unlocked";
  }

  /** Until nothing that the tablets began is under way. */
  async quiet(): Promise<void> {
    for (let calm = 0, turns = 0; calm < 3 && turns < 3000; turns++) {
      await realWait(1);
      calm = pendingCrypto() > 0 || this.tablets.some((tablet) => tablet.busy) ? 0 : calm + 1;
    }
  }

  /** A wiped tablet delivers what waits, and is another device when that is done. */
  async goOnWiping(tablet: PlayedTablet): Promise<void> {
    for (let round = 0; round < 4 && tablet.alive; round++) {
      await this.quiet();
      if (!tablet.alive || tablet.local.session.get().state !== "wiped") return;
      await tablet.whileAlive(checkWiped(this, tablet));
      if (!tablet.alive || tablet.local.session.get().wipe?.done) return;
      this.clock.pass(31_000);
      this.clock.runDue();
    }
  }

  async checkDisks(tablets: readonly PlayedTablet[]): Promise<void> {
    for (const tablet of tablets)
      if (tablet.alive) await tablet.whileAlive(checkDisk(this.witness, tablet, this.lastSeen));
  }
}

const players: { readonly [T in Step["type"]]: (play: Play, step: StepOf<T>) => Promise<void> } = {
  act: playAct,
  sync: playSync,
  record: playRecord,
  listen: playListen,
  room: playRoom,
  ...faultSteps,
  ...restoreSteps,
  ...profileSteps,

  async wait(play, { milliseconds, network, chance }) {
    const random = createRandom("wait", chance);
    for (const tablet of play.tablets) tablet.network.up(network, random);
    play.clock.pass(milliseconds);
    play.clock.runDue();
    await play.quiet();
    for (const tablet of play.tablets) tablet.network.down();
  },

  async crash(play, { tablet: index, kill }) {
    const tablet = play.tablet(index);
    tablet.kill();
    tablet.nextKill = kill;
    await play.ready(tablet);
  },

  async lock(play, { tablet: index, network, chance }) {
    const tablet = play.tablet(index);
    if (!(await play.ready(tablet))) return;
    tablet.network.up(network, createRandom("lock", chance));
    await tablet.run(() => tablet.local.session.lock());
    play.clock.pass(1);
    play.clock.runDue();
    await play.quiet();
    tablet.network.down();
  },

  async role(play, { tablet: index, network, chance }) {
    const tablet = play.tablet(index);
    if (!(await play.ready(tablet))) return;
    const user = tablet.local.session.get().user;
    const other = user?.roles.find((role) => role !== user.role);
    if (!other) return;
    tablet.network.up(network, createRandom("role", chance));
    await tablet.run(() => tablet.local.session.switchRole(other));
    if (tablet.alive) await tablet.run(() => tablet.local.syncNow());
    await play.quiet();
    tablet.network.down();
  },

  async "open-chart"(play, { tablet: index, chance }) {
    const tablet = play.tablet(index);
    if (!(await play.ready(tablet))) return;
    const random = createRandom("chart", chance);
    const patients = tablet.rows("patient").filter(({ id }) => !reserved.has(id));
    if (patients.length > 0) tablet.local.openChart(random.pick(patients).id);
    await play.quiet();
  },

  pair: (play, { chance }) => changePair(play.server, chance),
  refile: async (play, { chance }) => {
    if (await refile(play.server, createRandom("refile", chance))) play.counts.F19++;
  },
};

async function playSync(play: Play, step: StepOf<"sync">): Promise<void> {
  const { parts, server, hold, chance } = step;
  const tablets: PlayedTablet[] = [];
  for (const part of parts) {
    const tablet = play.tablet(part.tablet);
    if (await play.ready(tablet)) tablets.push(tablet);
  }
  for (const tablet of tablets) {
    const part = parts.find((one) => one.tablet === tablet.index);
    tablet.network.up(part?.network ?? [], createRandom("sync", chance, tablet.index));
    tablet.arm(part?.kill ?? null);
  }
  play.server.arm(server);
  play.server.holdNext = hold;
  play.clock.pass(1000);
  await Promise.all(tablets.map((tablet) => tablet.run(() => tablet.local.syncNow())));
  await play.quiet();
  play.server.holdNext = false;
  for (const tablet of tablets) {
    tablet.arm(null);
    tablet.network.down();
  }
  await play.server.revive();
  if (createRandom("check", chance).chance(0.4)) await play.checkDisks(tablets);
}

/** The network is well, the server runs, everybody unlocks: after this nothing is left to do. */
async function heal(play: Play): Promise<void> {
  await play.server.revive();
  for (const tablet of play.tablets) await tablet.network.flush();
  for (const username of [...play.shutOut]) await letIn(play, username);
  if (play.release.present !== 4) play.release.become(4);
  await calm(play);
  // What it waited for may be in quarantine, or gone with a tablet that was wiped: after seven days it is judged all the same.
  if (await loseHope(play)) await calm(play);
  if (play.plan.deviceRows === null) return;
  // What fits is decided by counts that are kept for a while: they are taken again, until nothing has changed since.
  for (let round = 0, head = -1; round < 4 && head !== (await play.server.head()); round++) {
    head = await play.server.head();
    play.clock.pass(COUNTS_KEPT);
    await calm(play);
  }
}

/** Milliseconds, more than for which the clinic keeps what it has counted. */
const COUNTS_KEPT = 11 * 60_000;

async function calm(play: Play): Promise<void> {
  // The last to push may be heard by the others only a round later.
  for (let round = 0, still = 0; round < 8 && still < 2; round++) {
    const head = await play.server.head();
    for (const tablet of play.tablets) {
      if (!(await play.ready(tablet))) continue;
      tablet.network.up([], createRandom("heal"));
      await giveRoom(tablet);
      await endRecordings(tablet);
      play.clock.pass(31_000);
      await tablet.run(() => tablet.local.syncNow());
      play.clock.runDue();
      await play.quiet();
      tablet.network.down();
      await startAnewIfTold(play, tablet);
    }
    const isStill = !play.tablets.some(isWaiting) && (await play.server.head()) === head;
    still = isStill ? still + 1 : 0;
  }
}

const isWaiting = ({ alive, local }: PlayedTablet): boolean =>
  !alive ||
  local.session.get().state !== "unlocked" ||
  local.outbox.get().some(({ status }) => status === "waiting") ||
  local.recordings.get().length > 0;

/**
 * Plays a plan on the practice as it was founded and judges what it left. `at` hears where it is: one that comes to no end
 * is ended from outside.
 */
export async function playPlan(
  plan: Plan,
  home: Home,
  bug: BugName | null,
  at: (place: string) => void,
): Promise<Played> {
  at("going back to the start");
  await home.goBack();
  const play = new Play(plan, home, bug);
  try {
    if (bug) await bugs[bug].database?.(home.database);
    at("opening");
    await play.server.open();
    for (const [index, step] of plan.steps.entries()) {
      at(`step ${index + 1}, ${step.type}`);
      await (players[step.type] as (play: Play, step: Step) => Promise<void>)(play, step);
    }
    at("healing");
    await heal(play);
    at("judging");
    await judgeAll(play);
  } catch (error) {
    play.witness.violated("I0", `${BROKEN}: ${inspect(error)}`);
  } finally {
    at("closing the tablets");
    for (const tablet of play.tablets) await tablet.close().catch(() => {});
    at("closing the server");
    await play.server.close().catch(() => {});
    play.clock.restore();
    play.release.end();
  }
  return {
    violations: play.witness.violations,
    ended: true,
    faults: play.counts,
    captured: play.witness.captured.length,
  };
}
