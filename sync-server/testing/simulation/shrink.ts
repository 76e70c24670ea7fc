import type { Plan, Step } from "./plan.ts";

/** Whether a plan still fails in the same way. */
export type StillFails = (plan: Plan) => Promise<boolean>;

const uses = (step: Step, tablet: number): boolean =>
  "tablet" in step
    ? step.tablet === tablet
    : step.type === "sync" && step.parts.some((part) => part.tablet === tablet);

/** The plan without one tablet and everything done on it. */
export function withoutTablet(plan: Plan, tablet: number): Plan {
  const renumber = (index: number) => (index > tablet ? index - 1 : index);
  const steps = plan.steps.flatMap((step): Step[] => {
    if (step.type === "sync") {
      const parts = step.parts.filter((part) => part.tablet !== tablet);
      const kept = parts.map((part) => ({ ...part, tablet: renumber(part.tablet) }));
      return kept.length > 0 ? [{ ...step, parts: kept }] : [];
    }
    if (uses(step, tablet)) return [];
    return "tablet" in step ? [{ ...step, tablet: renumber(step.tablet) }] : [step];
  });
  return { ...plan, tablets: plan.tablets.filter((_, index) => index !== tablet), steps };
}

/** The step without what goes wrong in it. */
export function withoutFaults(step: Step): Step {
  switch (step.type) {
    case "act":
    case "crash":
      return { ...step, kill: null };
    case "wipe":
    case "record":
      return { ...step, network: [], kill: null };
    case "sync":
      return {
        ...step,
        server: null,
        hold: false,
        parts: step.parts.map((part) => ({ ...part, network: [], kill: null })),
      };
    case "wait":
    case "lock":
    case "role":
    case "hand-over":
    case "sign-twice":
    case "change-apart":
    case "room":
    case "clone":
    case "forget":
    case "update":
      return { ...step, network: [] };
    default:
      return step;
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Looks for a shorter plan that still fails: fewer steps (halves first, then smaller and smaller pieces), fewer
 * tablets, fewer faults. Greedy, so the result is short rather than shortest; `budget` limits the number of tries.
 */
export async function shrink(plan: Plan, stillFails: StillFails, budget: number): Promise<Plan> {
  let best = plan;
  let left = budget;
  const accept = async (candidate: Plan): Promise<boolean> => {
    if (left <= 0 || same(candidate, best)) return false;
    left--;
    if (!(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (
    let size = Math.ceil(best.steps.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  )
    for (let start = best.steps.length - size; start > -size && left > 0; start -= size) {
      const from = Math.max(0, start);
      await accept({ ...best, steps: [...best.steps.slice(0, from), ...best.steps.slice(start + size)] });
    }
  for (let tablet = best.tablets.length - 1; tablet >= 0; tablet--)
    if (best.tablets.length > 1) await accept(withoutTablet(best, tablet));
  await accept({ ...best, deviceRows: null });
  await accept({ ...best, tablets: best.tablets.map((tablet) => ({ ...tablet, kill: null, network: [] })) });
  for (let at = 0; at < best.steps.length; at++) {
    const steps = best.steps.map((step, index) => (index === at ? withoutFaults(step) : step));
    await accept({ ...best, steps });
  }
  return best;
}

/** A plan as lines that a person can read. */
export function describePlan(plan: Plan): string[] {
  const people = plan.tablets.map(({ username, page }, index) => `${index} ${username} (page ${page})`);
  return [
    `tablets: ${people.join(", ")}`,
    ...(plan.deviceRows === null ? [] : [`devices keep ${plan.deviceRows} records`]),
    ...plan.steps.map((step, index) => {
      const { type, chance, ...rest } = step;
      return `${String(index + 1).padStart(3)} ${type} ${JSON.stringify(rest)} #${chance}`;
    }),
  ];
}
