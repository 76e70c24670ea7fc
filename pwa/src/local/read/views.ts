import type { RowFilter } from "../local.ts";
import { matching } from "./matching.ts";

export type View = Readonly<Record<string, unknown>>;

/** How many rows are looked at for an answer within one frame, on a tablet. More are left to the indexed layer. */
const AT_ONCE = 1000;

class Collection {
  readonly rows = new Map<string, View>();
  readonly #ofPatient = new Map<string, Set<string>>();

  put(id: string, view: View): void {
    this.remove(id);
    this.rows.set(id, view);
    if (typeof view.patientId !== "string") return;
    const ids = this.#ofPatient.get(view.patientId) ?? new Set();
    this.#ofPatient.set(view.patientId, ids.add(id));
  }

  remove(id: string): void {
    const patientId = this.rows.get(id)?.patientId;
    this.rows.delete(id);
    if (typeof patientId !== "string") return;
    const ids = this.#ofPatient.get(patientId);
    ids?.delete(id);
    if (ids?.size === 0) this.#ofPatient.delete(patientId);
  }

  /** The rows among which every match is. */
  candidates({ where }: RowFilter<{ id: string; patientId: string }>): readonly View[] | Map<string, View> {
    const ids =
      among(where?.id) ??
      among(where?.patientId)?.flatMap((id): readonly string[] => [...(this.#ofPatient.get(id) ?? [])]);
    return ids ? ids.map((id) => this.rows.get(id)).filter((view) => view !== undefined) : this.rows;
  }
}

/** The values that a condition leaves open, if it names them. */
function among(condition: unknown): readonly string[] | undefined {
  if (typeof condition === "string") return [condition];
  const { in: values } = (condition ?? {}) as { in?: readonly string[] };
  return values;
}

/**
 * Every record as a person sees it, in plain maps: one object per record until it changes, so that what is drawn can be
 * compared by identity.
 */
export class Views {
  readonly #collections = new Map<string, Collection>();

  get(name: string, id: string): View | undefined {
    return this.#collections.get(name)?.rows.get(id);
  }

  /** Undefined removes it. */
  set(name: string, id: string, view: View | undefined): void {
    const collection = this.#collections.get(name) ?? new Collection();
    this.#collections.set(name, collection);
    if (view) collection.put(id, view);
    else collection.remove(id);
  }

  all(name: string): Iterable<View> {
    return this.#collections.get(name)?.rows.values() ?? [];
  }

  matching<R>(name: string, filter: RowFilter<R>): View[] {
    const candidates = this.#candidates(name, filter);
    return matching(candidates instanceof Map ? candidates.values() : candidates, filter);
  }

  /** Like {@link matching}, but null where so many rows would have to be looked at that a person would feel it. */
  matchingAtOnce<R>(name: string, filter: RowFilter<R>): View[] | null {
    const candidates = this.#candidates(name, filter);
    const count = candidates instanceof Map ? candidates.size : candidates.length;
    return count > AT_ONCE ? null : this.matching(name, filter);
  }

  clear(): void {
    this.#collections.clear();
  }

  #candidates<R>(name: string, filter: RowFilter<R>) {
    const none: readonly View[] = [];
    return this.#collections.get(name)?.candidates(filter as RowFilter<never>) ?? none;
  }
}
