/**
 * The one source of time and randomness.
 *
 * Every tier asks here instead of `Date.now`, `new Date()`, `setTimeout` or `crypto`, so that tests and the
 * fault simulator can play a clock that jumps, a timer that is late and a random source with a seed.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. May jump when somebody sets the device's clock. */
  now(): number;
  /** Milliseconds that only ever grow. For durations, never for records. */
  monotonic(): number;
  /** Runs `task` once after `milliseconds`; the returned function cancels it. */
  after(milliseconds: number, task: () => void): () => void;
  /** `length` random bytes, fit for keys. */
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
}

/** Milliseconds. A device's clock further off than this is said beside every time it stamps (C22). */
export const CLOCK_TOLERANCE = 2 * 60_000;

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

let current: Clock = systemClock;

/** Replaces the clock for the whole process (tests, simulator). Returns a function that puts the old one back. */
export function useClock(clock: Partial<Clock>): () => void {
  const previous = current;
  current = { ...systemClock, ...clock };
  return () => {
    current = previous;
  };
}

export const now = (): number => current.now();
export const monotonic = (): number => current.monotonic();
export const after = (milliseconds: number, task: () => void): (() => void) =>
  current.after(milliseconds, task);
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> => current.randomBytes(length);

/** Now as an RFC 3339 instant in UTC with milliseconds, e.g. `2027-01-12T14:15:00.000Z`. */
export const instantNow = (): string => new Date(now()).toISOString();

/** Runs `task` every `milliseconds`, the next run starting after the last one has returned. */
export function every(milliseconds: number, task: () => void | Promise<void>): () => void {
  let cancel = () => {};
  let stopped = false;
  const schedule = () => {
    cancel = after(milliseconds, async () => {
      await task();
      if (!stopped) schedule();
    });
  };
  schedule();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Resolves after `milliseconds`, or at once when `signal` aborts. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      cancel();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = after(milliseconds, finish);
    signal?.addEventListener("abort", finish, { once: true });
  });
}
