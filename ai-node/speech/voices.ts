import { MFCC_COUNT } from "./mfcc.ts";

/** A stretch of speech as the grouping sees it. */
export interface Voiced {
  /** Voice print, or null when the stretch was too short for one. */
  readonly print: readonly number[] | null;
  /** Its weight, in seconds. */
  readonly seconds: number;
}

interface Cluster {
  readonly centre: readonly number[];
  readonly weight: number;
  readonly members: readonly number[];
}

const REFINEMENTS = 20;
/**
 * Share of all variance that lies between the two groups. One person reading alone stays below this, because their
 * stretches differ by words and not by voice.
 */
const TWO_VOICES = 0.25;

const distance = (a: readonly number[], b: readonly number[]): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
};

/** How much the variance grows when two clusters become one (Ward). */
const wardCost = (a: Cluster, b: Cluster): number =>
  ((a.weight * b.weight) / (a.weight + b.weight)) * distance(a.centre, b.centre);

function merge(a: Cluster, b: Cluster): Cluster {
  const weight = a.weight + b.weight;
  return {
    centre: a.centre.map((value, i) => (value * a.weight + b.centre[i]! * b.weight) / weight),
    weight,
    members: [...a.members, ...b.members],
  };
}

/** Every coefficient gets mean 0 and variance 1, weighted by time. */
function standardised(points: readonly (readonly number[])[], weights: readonly number[]): number[][] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const columns = Array.from({ length: MFCC_COUNT }, (_, d) => {
    const mean = points.reduce((sum, point, i) => sum + point[d]! * weights[i]!, 0) / total;
    const variance = points.reduce((sum, point, i) => sum + (point[d]! - mean) ** 2 * weights[i]!, 0) / total;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  return points.map((point) => point.map((value, d) => (value - columns[d]!.mean) / columns[d]!.deviation));
}

/**
 * Ward's clustering down to two groups by nearest-neighbour chains: the same tree as merging the cheapest pair each
 * time, in quadratic instead of cubic time. The last merge joins the two groups that are wanted.
 */
function lastTwo(points: readonly (readonly number[])[], weights: readonly number[]): [Cluster, Cluster] {
  const open = new Set<Cluster>(points.map((centre, i) => ({ centre, weight: weights[i]!, members: [i] })));
  const chain: Cluster[] = [];
  while (open.size > 2 || chain.length > 0) {
    if (chain.length === 0) chain.push(open.values().next().value!);
    const top = chain.at(-1)!;
    let nearest = chain.at(-2);
    let lowest = nearest ? wardCost(top, nearest) : Number.POSITIVE_INFINITY;
    for (const other of open) {
      if (other === top) continue;
      const cost = wardCost(top, other);
      if (cost < lowest) {
        lowest = cost;
        nearest = other;
      }
    }
    if (nearest !== chain.at(-2)) {
      chain.push(nearest!);
      continue;
    }
    if (open.size === 2) break;
    chain.length -= 2;
    open.delete(top);
    open.delete(nearest!);
    open.add(merge(top, nearest!));
  }
  const [a, b] = [...open];
  return [a!, b!];
}

/** Moves each point to the nearer centre until nothing changes. */
function refine(
  points: readonly (readonly number[])[],
  weights: readonly number[],
  labels: number[],
): number[] {
  let current = labels;
  for (let round = 0; round < REFINEMENTS; round++) {
    const centres = [0, 1].map((label) => {
      const total = weights.reduce((sum, weight, i) => sum + (current[i] === label ? weight : 0), 0) || 1;
      return Array.from(
        { length: MFCC_COUNT },
        (_, d) =>
          points.reduce((sum, point, i) => sum + (current[i] === label ? point[d]! * weights[i]! : 0), 0) /
          total,
      );
    });
    const next = points.map((point) =>
      distance(point, centres[0]!) <= distance(point, centres[1]!) ? 0 : 1,
    );
    if (next.every((label, i) => label === current[i])) break;
    current = next;
  }
  return current;
}

/** Share of the variance that two groups explain, 0 … 1. */
function explained(
  points: readonly (readonly number[])[],
  weights: readonly number[],
  labels: number[],
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let between = 0;
  for (const label of [0, 1]) {
    const weight = weights.reduce((sum, w, i) => sum + (labels[i] === label ? w : 0), 0);
    if (weight === 0) return 0;
    const centre = Array.from(
      { length: MFCC_COUNT },
      (_, d) =>
        points.reduce((sum, p, i) => sum + (labels[i] === label ? p[d]! * weights[i]! : 0), 0) / weight,
    );
    between += weight * distance(centre, new Array(MFCC_COUNT).fill(0));
  }
  return between / (total * MFCC_COUNT);
}

/**
 * Tells two voices apart.
 * @returns for each stretch 0 or 1, or null where it cannot be told; all 0 when only one voice is heard. Group 0
 * speaks first.
 */
export function groupVoices(voiced: readonly Voiced[]): (0 | 1 | null)[] {
  const known = voiced.flatMap(({ print, seconds }, i) => (print ? [{ i, print, seconds }] : []));
  const labels: (0 | 1 | null)[] = voiced.map(() => null);
  if (known.length === 0) return labels;
  const weights = known.map(({ seconds }) => seconds);
  const points = standardised(
    known.map(({ print }) => print),
    weights,
  );
  let found = points.map(() => 0);
  if (points.length > 2) {
    const second = new Set(lastTwo(points, weights)[1].members);
    const split = refine(
      points,
      weights,
      points.map((_, i) => (second.has(i) ? 1 : 0)),
    );
    if (explained(points, weights, split) >= TWO_VOICES) found = split;
  }
  const first = found[0];
  for (const [n, { i }] of known.entries()) labels[i] = found[n] === first ? 0 : 1;
  return labels;
}
