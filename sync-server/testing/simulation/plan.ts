import { can } from "#domain/access/can.ts";
import { type MutationName, mutations } from "#domain/registry.ts";
import { trialStaff } from "#server/practice/trial/trial-people.ts";
import { actionWeights } from "./actions/weights.ts";
import { type DiskFault, diskFaults, type NetFault, type ServerKill, type TabKill } from "./faults.ts";
import { createRandom, type Random } from "./random.ts";
import type { Release } from "./release.ts";

/** A tablet of the played clinic and who works on it. */
export interface TabletPlan {
  readonly username: string;
  /** Rows in one page of a pull. */
  readonly page: number;
  /** Where the first tab dies: during the sign-in. */
  readonly kill: TabKill | null;
  /** What happens to the requests of the first sign-in. */
  readonly network: readonly NetFault[];
}

/** One tablet's part of a round of synchronisation. */
export interface SyncPart {
  readonly tablet: number;
  /** What happens to its requests, in their order; those beyond the list arrive well. */
  readonly network: readonly NetFault[];
  readonly kill: TabKill | null;
}

/**
 * One step of the played day. `chance` seeds the decisions that depend on what is there at that moment (which patient,
 * which note), so that a step can be dropped without changing what the others decide.
 */
export type Step = { readonly chance: number } & (
  | {
      readonly type: "act";
      readonly tablet: number;
      readonly name: MutationName;
      readonly online: boolean;
      readonly kill: TabKill | null;
    }
  | {
      readonly type: "sync";
      readonly parts: readonly SyncPart[];
      readonly server: ServerKill | null;
      /** The first push is held between its statements and its commit. */
      readonly hold: boolean;
    }
  | { readonly type: "wait"; readonly milliseconds: number; readonly network: readonly NetFault[] }
  /** The tab is killed between two things; `kill` says where the one opened after it dies. */
  | { readonly type: "crash"; readonly tablet: number; readonly kill: TabKill | null }
  | { readonly type: "lock"; readonly tablet: number; readonly network: readonly NetFault[] }
  | { readonly type: "role"; readonly tablet: number; readonly network: readonly NetFault[] }
  | { readonly type: "open-chart"; readonly tablet: number }
  /** A change and a round of synchronisation, in which a local write transaction fails. */
  | {
      readonly type: "disk";
      readonly tablet: number;
      readonly name: MutationName;
      readonly fault: DiskFault;
      readonly transaction: number;
    }
  /** Somebody opens a second tab and works on there, with words on the first one's screen. */
  | { readonly type: "hand-over"; readonly tablet: number; readonly network: readonly NetFault[] }
  /** Somebody sets the tablet's clock so many days ahead of the true time. */
  | { readonly type: "clock"; readonly tablet: number; readonly days: number }
  /** Somebody records a visit, or goes on with a recording; `kill` says where the tab dies meanwhile. */
  | {
      readonly type: "record";
      readonly tablet: number;
      readonly network: readonly NetFault[];
      readonly kill: TabKill | null;
    }
  /** Nobody reaches the clinic for longer than charts may be shown without it. */
  | { readonly type: "away" }
  /** IT shuts a person out, or lets them in again; `meanwhile` while their tablets push and pull. */
  | { readonly type: "disable"; readonly tablet: number; readonly meanwhile: boolean }
  | { readonly type: "enable"; readonly tablet: number }
  /** A person gets another role, or loses one of several; `meanwhile` as above. */
  | { readonly type: "staffing"; readonly tablet: number; readonly meanwhile: boolean }
  /** IT wipes a tablet while it pushes; `kill` says where its tab dies on the way. */
  | {
      readonly type: "wipe";
      readonly tablet: number;
      readonly network: readonly NetFault[];
      readonly kill: TabKill | null;
    }
  /** The browser throws the store away; `markKept` without what it keeps beside it. */
  | { readonly type: "evict"; readonly tablet: number; readonly markKept: boolean }
  /** Somebody copies a browser profile and works on both. */
  | { readonly type: "clone"; readonly tablet: number; readonly network: readonly NetFault[] }
  /** Somebody has forgotten the PIN and chooses another one: nobody opens any more what lies under the first. */
  | { readonly type: "forget"; readonly tablet: number; readonly network: readonly NetFault[] }
  /** Work of another release waits on a tablet when it is loaded with the clinic's; 4 is ahead of the clinic. */
  | {
      readonly type: "update";
      readonly tablet: number;
      readonly from: Release;
      readonly network: readonly NetFault[];
    }
  /** A person with two tablets signs one draft on both, as each of them shows it. */
  | { readonly type: "sign-twice"; readonly network: readonly NetFault[] }
  /** F16: the practice writes a backup, and goes back to it later. */
  | { readonly type: "back-up" }
  | { readonly type: "restore" }
  /** Two tablets change one patient's names, neither having seen what the other does. */
  | { readonly type: "change-apart"; readonly network: readonly NetFault[] }
  /** A tablet listens while the server ends and another begins, and while somebody else works. */
  | { readonly type: "listen"; readonly tablet: number }
  /** The browser has given a tablet so much of its room, from 0 to 1. */
  | {
      readonly type: "room";
      readonly tablet: number;
      readonly share: number;
      readonly network: readonly NetFault[];
    }
  /** The practice itself: two records in one commit (for I10), or a record filed under another patient (F19). */
  | { readonly type: "pair" }
  | { readonly type: "refile" }
);

export type StepOf<T extends Step["type"]> = Extract<Step, { readonly type: T }>;

export interface Plan {
  readonly seed: number;
  readonly tablets: readonly TabletPlan[];
  /** Records that a device keeps beside the finder and the safety cards; null where all of them fit. */
  readonly deviceRows: number | null;
  readonly steps: readonly Step[];
}

const people = ["clinician", "nurse", "frontdesk", "clinician", "clinician2"] as const;

const network = (random: Random): NetFault[] =>
  Array.from({ length: random.below(4) }, () =>
    random.weighted<NetFault>({
      none: 4,
      "request-dropped": 1,
      "reply-dropped": 2,
      "twice-now": 1,
      "twice-late": 1,
      delayed: 1.5,
      truncated: 1,
      "captive-portal": 0.7,
      late: 1,
    }),
  );

const tabKill = (random: Random): TabKill => ({
  point: random.pick(["before", "in", "after"] as const),
  transaction: 1 + random.below(4),
});

const serverKill = (random: Random): ServerKill => ({
  point: random.pick(["commit", "reply"] as const),
  transaction: 1 + random.below(3),
});

const kinds = {
  act: 58,
  sync: 24,
  wait: 3,
  crash: 3,
  lock: 3,
  role: 2,
  "open-chart": 2,
  pair: 3,
  refile: 4,
  disk: 2,
  "hand-over": 1,
  record: 3,
  clock: 2,
  away: 0.4,
  disable: 1.2,
  enable: 1,
  staffing: 2,
  wipe: 1.2,
  evict: 0.8,
  clone: 1,
  update: 1.5,
  "sign-twice": 2,
  "change-apart": 2,
  "back-up": 2,
  restore: 1.5,
} as const;

/** What screens offer somebody in the first of their roles; the other changes are tried by going around them. */
function usual({ username }: TabletPlan): typeof actionWeights {
  const role = trialStaff.find((person) => person.username === username)?.roles[0] ?? "front-desk";
  const actor = { type: "user" as const, id: username, role, deviceId: null };
  const entries = Object.entries(actionWeights).map(([name, weight]) => {
    const permission = mutations.get(name)?.mutation.permission;
    return [name, permission && can(actor, permission).allowed ? weight : 0];
  });
  return Object.fromEntries(entries) as typeof actionWeights;
}

function planStep(random: Random, tablets: readonly TabletPlan[]): Step {
  const tablet = random.below(tablets.length);
  const chance = random.below(4_294_967_296);
  const type = random.weighted<keyof typeof kinds>(kinds);
  switch (type) {
    case "act":
      return {
        type,
        chance,
        tablet,
        name: random.weighted(random.chance(0.06) ? actionWeights : usual(tablets[tablet]!)),
        online: random.chance(0.1),
        kill: random.chance(0.06) ? tabKill(random) : null,
      };
    case "sync": {
      const order = random.shuffle([...tablets.keys()]);
      const together = order.slice(
        0,
        random.chance(0.45) ? tablets.length : 1 + random.below(tablets.length),
      );
      return {
        type,
        chance,
        parts: together.map((one) => ({
          tablet: one,
          network: network(random),
          kill: random.chance(0.12) ? tabKill(random) : null,
        })),
        server: random.chance(0.12) ? serverKill(random) : null,
        hold: together.length > 1 && random.chance(0.5),
      };
    }
    case "wait":
      return {
        type,
        chance,
        milliseconds: random.chance(0.3) ? 660_000 : 1000 + random.below(45_000),
        network: network(random),
      };
    case "disk":
      return {
        type,
        chance,
        tablet,
        name: random.weighted(usual(tablets[tablet]!)),
        fault: random.pick(diskFaults),
        transaction: 1 + random.below(4),
      };
    case "lock":
    case "role":
    case "hand-over":
      return { type, chance, tablet, network: random.chance(0.5) ? network(random) : [] };
    case "crash":
      return { type, chance, tablet, kill: random.chance(0.6) ? tabKill(random) : null };
    case "clock":
      return { type, chance, tablet, days: random.chance(0.4) ? 0 : (random.next() - 0.5) * 800 };
    case "sign-twice":
    case "change-apart":
      return { type, chance, network: network(random) };
    case "wipe":
    case "record":
      return {
        type,
        chance,
        tablet,
        network: network(random),
        kill: random.chance(0.6) ? tabKill(random) : null,
      };
    case "evict":
      return { type, chance, tablet, markKept: random.chance(0.8) };
    case "clone":
      return { type, chance, tablet, network: network(random) };
    case "update":
      return {
        type,
        chance,
        tablet,
        from: random.pick([1, 2, 2, 4] as const),
        network: network(random),
      };
    case "disable":
    case "staffing":
      return { type, chance, tablet, meanwhile: random.chance(0.4) };
    case "enable":
    case "open-chart":
      return { type, chance, tablet };
    default:
      return { type, chance };
  }
}

/** In every third day somebody's tablet listens for a while. */
function withListening(steps: readonly Step[], random: Random, tablets: readonly TabletPlan[]): Step[] {
  if (!random.chance(0.35)) return [...steps];
  const listen: Step = {
    type: "listen",
    chance: random.below(4_294_967_296),
    tablet: random.below(tablets.length),
  };
  return steps.toSpliced(random.below(steps.length), 0, listen);
}

/** In every fourth day somebody has forgotten a PIN. */
function withForgottenPin(steps: readonly Step[], random: Random, tablets: readonly TabletPlan[]): Step[] {
  if (!random.chance(0.25)) return [...steps];
  const forget: Step = {
    type: "forget",
    chance: random.below(4_294_967_296),
    tablet: random.below(tablets.length),
    network: network(random),
  };
  return steps.toSpliced(random.below(steps.length), 0, forget);
}

/** In every third day a tablet's room gets short, more than once, or there is some again. */
function withShortRoom(steps: readonly Step[], random: Random, tablets: readonly TabletPlan[]): Step[] {
  const result = [...steps];
  if (!random.chance(0.35)) return result;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const room: Step = {
      type: "room",
      chance: random.below(4_294_967_296),
      tablet: random.below(tablets.length),
      share: random.pick([0.85, 0.85, 0.3]),
      network: network(random),
    };
    result.splice(random.below(result.length), 0, room);
  }
  return result;
}

/** In every eighth practice devices keep fewer records than their people may see. */
const deviceRowsOf = (random: Random): number | null =>
  random.chance(0.125) ? random.pick([50, 60, 75]) : null;

/** What happens in a seed, decided before anything runs: failures shrink by leaving parts of it out. */
export function makePlan(seed: number): Plan {
  const random = createRandom("plan", seed);
  const count = random.weighted({ "2": 3, "3": 4, "4": 2 });
  const tablets = Array.from({ length: Number(count) }, (_, index): TabletPlan => {
    const username = index === 0 ? "clinician" : random.pick(people);
    const [kill, script] = [random.chance(0.2) ? tabKill(random) : null, network(random)];
    return {
      username,
      page: random.pick([6, 15, 40, 1000]),
      kill,
      network: random.chance(0.3) ? script : [],
    };
  });
  const steps = Array.from({ length: 30 + random.below(25) }, () => planStep(random, tablets));
  const listened = withListening(steps, createRandom("listen", seed), tablets);
  const short = withShortRoom(listened, createRandom("room", seed), tablets);
  return {
    seed,
    tablets,
    deviceRows: deviceRowsOf(createRandom("device-rows", seed)),
    steps: withForgottenPin(short, createRandom("forget", seed), tablets),
  };
}
