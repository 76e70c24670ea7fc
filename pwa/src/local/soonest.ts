import { after, monotonic } from "#domain/kernel/clock.ts";

export interface Soonest {
  /** Runs the task in so many milliseconds, or earlier where that was asked before. */
  in(milliseconds: number): void;
  cancel(): void;
}

/** A task that many ask for and that runs once for all of them: who asks again and again never puts it off. */
export function soonest(task: () => void): Soonest {
  let drop = () => {};
  let due = Number.POSITIVE_INFINITY;
  const cancel = () => {
    drop();
    due = Number.POSITIVE_INFINITY;
  };
  return {
    in(milliseconds) {
      const at = monotonic() + milliseconds;
      if (at >= due) return;
      cancel();
      due = at;
      drop = after(milliseconds, () => {
        due = Number.POSITIVE_INFINITY;
        task();
      });
    },
    cancel,
  };
}
