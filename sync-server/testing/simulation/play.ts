import { inspect } from "node:util";
import { can } from "#domain/access/can.ts";
import { type MutationName, mutations } from "#domain/registry.ts";
import { sealToServer } from "#pwa/outbox/server-key.ts";
import type { TestDatabase } from "../database.ts";
import { generators } from "./actions/generators.ts";
import type { Scene } from "./actions/scene.ts";
import { type BugName, bugs } from "./bugs.ts";
import { type FaultCounts, noFaults } from "./faults.ts";
import type { Home } from "./home.ts";
import { judgeAll } from "./invariants/judge.ts";
import { checkDisk, type LastSeen, noteCrossing, watchPair } from "./invariants/on-the-way.ts";
import { PlayedNetwork } from "./network.ts";
import type { Plan, Step } from "./plan.ts";
import { PlayedClock } from "./played-clock.ts";
import { changePair, refile } from "./practice-actions.ts";
import { createRandom } from "./random.ts";
import { PlayedServer } from "./server.ts";
import { PlayedTablet } from "./tablet.ts";
import { Witness } from "./witness.ts";
import { pairPatients, startOfDay, vaultPatients } from "./world.ts";

export interface Played {
  readonly violations: readonly string[];
  readonly faults: FaultCounts;
  /** Things people did that were saved. */
  readonly captured: number;
}

const reserved: ReadonlySet<string> = new Set([...vaultPatients, ...pairPatients]);

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

/** Everything of one seed while it is played. */
export class Play {
  readonly plan: Plan;
  readonly witness: Witness;
  readonly counts = noFaults();
  readonly clock: PlayedClock;
  readonly server: PlayedServer;
  readonly database: TestDatabase;
  readonly tablets: readonly PlayedTablet[];
  readonly #lastSeen = new Map<number, LastSeen>();

  constructor(plan: Plan, home: Home, bug: BugName | null) {
    this.plan = plan;
    this.database = home.database;
    this.witness = new Witness(plan.seed);
    this.clock = new PlayedClock(startOfDay, createRandom("bytes", plan.seed));
    this.server = new PlayedServer(home, this.counts);
    const planted = bug ? bugs[bug] : null;
    planted?.server?.(this.server, home.database);
    this.tablets = plan.tablets.map((tablet, index) => {
      const network = new PlayedNetwork(
        this.server,
        this.counts,
        createRandom("network", plan.seed, index),
        (crossing) => noteCrossing(this.witness, crossing),
      );
      return new PlayedTablet(index, tablet, network, this.counts, planted?.store);
    });
  }

  tablet(index: number): PlayedTablet {
    return this.tablets[index] as PlayedTablet;
  }

  /** Opens a tab with a good network, as a person would before working. */
  async ready(tablet: PlayedTablet): Promise<boolean> {
    if (tablet.alive && tablet.local.session.get().state === "unlocked") return true;
    const script = tablet.isNew ? tablet.plan.network : [];
    tablet.network.up(script, createRandom("ready", this.plan.seed));
    for (let tries = 0; tries < 4; tries++) if (await tablet.ready()) break;
    await this.quiet();
    tablet.network.down();
    if (!tablet.alive) return false;
    watchPair(this.witness, tablet);
    return tablet.local.session.get().state === "unlocked";
  }

  /** Until nothing that the tablets began is under way. */
  async quiet(): Promise<void> {
    for (let calm = 0, turns = 0; calm < 3 && turns < 3000; turns++) {
      await turn();
      calm = this.tablets.some((tablet) => tablet.busy) ? 0 : calm + 1;
    }
  }

  async checkDisks(tablets: readonly PlayedTablet[]): Promise<void> {
    for (const tablet of tablets) if (tablet.alive) await checkDisk(this.witness, tablet, this.#lastSeen);
  }
}

type StepOf<T extends Step["type"]> = Extract<Step, { readonly type: T }>;

const players: { readonly [T in Step["type"]]: (play: Play, step: StepOf<T>) => Promise<void> } = {
  act: playAct,
  sync: playSync,

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

function sceneOf(play: Play, tablet: PlayedTablet, chance: number, words: string[]): Scene {
  const user = tablet.local.session.get().user;
  return {
    random: createRandom("act", chance),
    now: play.clock.now,
    userId: user?.id ?? "",
    reserved,
    rows: (name) => tablet.rows(name),
    typed() {
      const word = play.witness.word();
      words.push(word);
      return word;
    },
    async sealedKey() {
      const [record] = await tablet.database.users.toArray();
      if (!record) throw new Error("nobody works here yet");
      return sealToServer(record.serverKey, createRandom("key", chance).bytes(32));
    },
  };
}

async function playAct(
  play: Play,
  { tablet: index, name, chance, online, kill }: StepOf<"act">,
): Promise<void> {
  const tablet = play.tablet(index);
  if (!(await play.ready(tablet))) return;
  const user = tablet.local.session.get().user;
  const definition = mutations.get(name);
  if (!user || !definition) return;
  const random = createRandom("may", chance);
  const actor = { type: "user" as const, id: user.id, role: user.role, deviceId: null };
  // Screens offer only what the role allows; now and then somebody finds a way around them.
  if (!can(actor, definition.mutation.permission).allowed && random.chance(0.5)) return;
  const words: string[] = [];
  const args = await generators[name](sceneOf(play, tablet, chance, words) as never);
  if (!args) return;
  const clientId = await tablet.clientId();
  if (online) tablet.network.up([], random);
  tablet.arm(kill);
  play.clock.pass(1000);
  const outcome = await tablet.run(() => tablet.local.mutate(name as MutationName, args as never));
  if (outcome.type === "done") {
    const { n } = outcome.value;
    play.witness.captured.push({ tablet: index, clientId: clientId ?? "", n, name, id: args.id, words });
    if (tablet.alive && !online) checkOwnWrite(play, tablet, name, args);
  } else if (outcome.type === "failed" && tablet.alive)
    play.witness.violated("I9", `tablet ${index} could not save ${name}: ${describe(outcome.error)}`);
  if (online || kill) await play.quiet();
  tablet.arm(null);
  tablet.network.down();
}

const describe = (error: unknown): string => {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  return `${error}${cause ? ` (${cause})` : ""}`;
};

/** I10, read your writes: what was just saved stands in the view, unless the clinic has refused it meanwhile. */
function checkOwnWrite(play: Play, tablet: PlayedTablet, name: MutationName, args: { id: string }): void {
  const definition = mutations.get(name);
  if (!definition?.collection.local) return;
  const shown = tablet.rows(definition.collectionName).find(({ id }) => id === args.id);
  const refused = tablet.local.outbox
    .get()
    .some(({ rowId, status }) => rowId === args.id && status === "refused");
  const { role } = tablet.local.session.get().user ?? {};
  if (!shown && !refused && role)
    play.witness.violated("I10", `tablet ${tablet.index} does not show its own ${name} of ${args.id}`);
}

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
  // The last to push may be heard by the others only a round later.
  for (let round = 0, calm = 0; round < 6 && calm < 2; round++) {
    for (const tablet of play.tablets) {
      if (!(await play.ready(tablet))) continue;
      tablet.network.up([], createRandom("heal"));
      play.clock.pass(1000);
      await tablet.run(() => tablet.local.syncNow());
      await play.quiet();
      tablet.network.down();
    }
    calm = play.tablets.some(isWaiting) ? 0 : calm + 1;
  }
}

const isWaiting = (tablet: PlayedTablet): boolean =>
  !tablet.alive || tablet.local.outbox.get().some(({ status }) => status !== "refused");

/** Plays a plan on the practice as it was founded and judges what it left. */
export async function playPlan(plan: Plan, home: Home, bug: BugName | null = null): Promise<Played> {
  await home.goBack();
  const play = new Play(plan, home, bug);
  try {
    if (bug) await bugs[bug].database?.(home.database);
    await play.server.open();
    for (const step of plan.steps)
      await (players[step.type] as (play: Play, step: Step) => Promise<void>)(play, step);
    await heal(play);
    await judgeAll(play);
  } catch (error) {
    play.witness.violated("I0", `the play broke: ${inspect(error)}`);
  } finally {
    for (const tablet of play.tablets) await tablet.close().catch(() => {});
    await play.server.close().catch(() => {});
    play.clock.restore();
  }
  return {
    violations: play.witness.violations,
    faults: play.counts,
    captured: play.witness.captured.length,
  };
}
