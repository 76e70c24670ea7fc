import { can } from "#domain/access/can.ts";
import { type MutationName, mutations } from "#domain/registry.ts";
import { trialStaff } from "#server/practice/trial/trial-people.ts";
import { actionWeights } from "./actions/weights.ts";
import type { NetFault, ServerKill, TabKill } from "./faults.ts";
import { createRandom, type Random } from "./random.ts";

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
  /** The practice itself: two records in one commit (for I10), or a record filed under another patient (F19). */
  | { readonly type: "pair" }
  | { readonly type: "refile" }
);

export interface Plan {
  readonly seed: number;
  readonly tablets: readonly TabletPlan[];
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
    case "lock":
    case "role":
      return { type, chance, tablet, network: random.chance(0.5) ? network(random) : [] };
    case "crash":
      return { type, chance, tablet, kill: random.chance(0.6) ? tabKill(random) : null };
    case "open-chart":
      return { type, chance, tablet };
    default:
      return { type, chance };
  }
}

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
  return { seed, tablets, steps };
}
