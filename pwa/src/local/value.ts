/** A value that can be watched: the one bridge between the local layer and whoever shows it (React or a test). */
export interface Value<T> {
  get(): T;
  /** Calls `listener` after each change; the returned function stops that. */
  subscribe(listener: () => void): () => void;
}

export interface WritableValue<T> extends Value<T> {
  /** Tells listeners only when the value is another one (`Object.is`). */
  set(next: T): void;
  update(change: (value: T) => T): void;
}

export function createValue<T>(initial: T): WritableValue<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  const set = (next: T) => {
    if (Object.is(next, value)) return;
    value = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/**
 * A value that follows from others. `compute` runs when one of them changed and somebody asks; while `same` holds, the
 * old object is kept, so that screens are not drawn again for nothing.
 */
export function derived<T>(
  sources: readonly Value<unknown>[],
  compute: () => T,
  same: (a: T, b: T) => boolean = Object.is,
): Value<T> {
  let cached: { readonly value: T } | null = null;
  const get = () => {
    const value = compute();
    if (!cached || !same(cached.value, value)) cached = { value };
    return cached.value;
  };
  return {
    get,
    subscribe(listener) {
      let last = get();
      const check = () => {
        const next = get();
        if (Object.is(next, last)) return;
        last = next;
        listener();
      };
      const ends = sources.map((source) => source.subscribe(check));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
