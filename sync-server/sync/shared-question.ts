/**
 * Asks a question for many at once: whoever comes while it is being asked waits for the next time, which begins after
 * they came. So each gets an answer that is not older than the asking, and twenty tablets cost two questions.
 */
export function sharedQuestion<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | null = null;
  let next: Promise<T> | null = null;
  const start = (): Promise<T> => {
    const answer = ask();
    const over = answer.then(
      () => {},
      () => {},
    );
    running = over;
    void over.then(() => {
      if (running === over) running = null;
    });
    return answer;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(() => {
      next = null;
      return start();
    });
    return next;
  };
}
