import type { RowFilter } from "../local.ts";
import { matching } from "./matching.ts";

export type View = Readonly<Record<string, unknown>>;

/** How many rows are looked at for an answer within one frame, on a tablet. More are left to the indexed layer. */
const AT_ONCE = 1000;

const none: readonly View[] = [];

class Collection {
  readonly rows = new Map<string, View>();
  readonly #ofPatient = new Map<string, Set<string>>();
  /** What a filter was answered, and at which change: screens ask the same several times while they are drawn. */
  #answers = new WeakMap<object, { readonly at: number; readonly rows: readonly View[] }>();
  #changes = 0;

  put(id: string, view: View): void {
    this.#changes++;
    this.#unlist(id);
    this.rows.set(id, view);
    if (typeof view.patientId !== "string") return;
    const ids = this.#ofPatient.get(view.patientId) ?? new Set();
    this.#ofPatient.set(view.patientId, ids.add(id));
  }

  remove(id: string): void {
    this.#answers = new WeakMap(); // nothing that was answered may keep what is to be forgotten
    this.#unlist(id);
    this.rows.delete(id);
  }

  #unlist(id: string): void {
    const patientId = this.rows.get(id)?.patientId;
    if (typeof patientId !== "string") return;
    const ids = this.#ofPatient.get(patientId);
    ids?.delete(id);
    if (ids?.size === 0) this.#ofPatient.delete(patientId);
  }

  /** Null when more than `most` rows would have to be looked at. */
  matching(filter: RowFilter<never>, most = Number.POSITIVE_INFINITY): readonly View[] | null {
    const known = this.#answers.get(filter);
    if (known?.at === this.#changes) return known.rows;
    const candidates = this.#candidates(filter);
    if ((candidates instanceof Map ? candidates.size : candidates.length) > most) return null;
    const rows = matching(candidates.values(), filter);
    this.#answers.set(filter, { at: this.#changes, rows });
    return rows;
  }

  /** The rows among which every match is. */
  #candidates({ where }: RowFilter<{ id: string; patientId: string }>): readonly View[] | Map<string, View> {
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

/** Whether a filter names the ids, or the patients, of all that it can match: no other row has to be looked at. */
export function isDirect<R>(filter: RowFilter<R>): boolean {
  const where = filter.where as Readonly<Record<string, unknown>> | undefined;
  return among(where?.id) !== undefined || among(where?.patientId) !== undefined;
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

  matching<R>(name: string, filter: RowFilter<R>): readonly View[] {
    return this.#collections.get(name)?.matching(filter as RowFilter<never>) ?? none;
  }

  /** Like {@link matching}, but null where so many rows would have to be looked at that a person would feel it. */
  matchingAtOnce<R>(name: string, filter: RowFilter<R>): readonly View[] | null {
    const collection = this.#collections.get(name);
    return collection ? collection.matching(filter as RowFilter<never>, AT_ONCE) : none;
  }

  clear(): void {
    this.#collections.clear();
  }
}
