import type { Kept, KeptWords } from "#pwa/local/index.ts";

type Fields = Kept["fields"];
type Words = Pick<KeptWords, "find" | "put" | "drop">;

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const same = (a: unknown, b: unknown): boolean => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);

const kindOf = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);

/** What was typed into a field; of a field with parts only the parts that were, so that others may change meanwhile. */
function changeOf(value: unknown, initial: unknown): unknown {
  if (!isRecord(value) || !isRecord(initial)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name, part]) => !same(part, initial[name])));
}

/** Another release may have kept something else under this name: that is no reason to fail. */
function restored<T>(change: unknown, initial: T): T {
  if (isRecord(change) && isRecord(initial)) return { ...initial, ...change };
  const fits = initial === null || change === null || kindOf(change) === kindOf(initial);
  return fits ? (change as T) : initial;
}

/** What differs in one open form from what it was opened with. The keyboard waits for nothing here. */
export class FormWords {
  readonly #words: Words | null;
  readonly #place: string;
  /** When what was found here was typed; null where nothing was. */
  readonly from: string | null;
  readonly #fields: Map<string, unknown>;
  /** Fields whose value belongs to what is typed and is nothing that was typed: the time of a measurement. */
  readonly #beside = new Map<string, unknown>();
  readonly #resets = new Set<() => void>();
  #over = false;

  constructor(words: Words | null, place: string) {
    this.#words = words;
    this.#place = place;
    const found = words?.find(place);
    this.from = found?.at ?? null;
    this.#fields = new Map(Object.entries(found?.fields ?? {}));
  }

  /** What a field begins with. */
  start<T>(name: string, initial: T, beside: boolean): T {
    const known = this.#fields.has(name) ? this.#fields : this.#beside;
    const value = known.has(name) ? restored(known.get(name), initial) : initial;
    if (beside) {
      this.#beside.set(name, value);
      this.#fields.delete(name);
    }
    return value;
  }

  write(name: string, value: unknown, initial: unknown, beside: boolean): void {
    if (this.#over) return;
    if (beside) this.#beside.set(name, value);
    else if (same(value, initial)) this.#fields.delete(name);
    else this.#fields.set(name, changeOf(value, initial));
    if (this.#fields.size === 0) this.#words?.drop(this.#place);
    else this.#words?.put(this.#place, Object.fromEntries([...this.#beside, ...this.#fields]));
  }

  /** Calls `reset` when the words are thrown away. */
  onReset(reset: () => void): () => void {
    this.#resets.add(reset);
    return () => void this.#resets.delete(reset);
  }

  /** The form goes on with what it would have begun with. */
  throwAway(): void {
    this.#fields.clear();
    this.#words?.drop(this.#place);
    for (const reset of [...this.#resets]) reset();
  }

  /** Saved or cancelled: what is typed from now on is nobody's. */
  end(): void {
    this.#over = true;
    this.#words?.drop(this.#place);
  }
}
