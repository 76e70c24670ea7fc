import pg from "pg";
import type { Logger } from "pino";
import { after } from "#domain/kernel/clock.ts";

/** `*` and no commit: anything may have changed. */
type ChangeListener = (stream: string, seq?: number) => void;

export interface LiveEvents {
  /** Called with each stream in which something was committed, and the commit. Returns the way to stop listening. */
  onChange(listener: ChangeListener): () => void;
  /** Called when a session, user, token or device changed its standing. */
  onIdentity(listener: (id: string) => void): () => void;
  close(): Promise<void>;
}

/**
 * Hears PostgreSQL's notifications on one connection of its own, so that several servers on one database tell each
 * other's tablets. A lost connection is made anew; since notifications may have been missed meanwhile, every listener is
 * then told that everything may have changed (stream `*`).
 */
export async function openLiveEvents(url: string, log: Logger): Promise<LiveEvents> {
  const changes = new Set<ChangeListener>();
  const identities = new Set<(id: string) => void>();
  let client: pg.Client | undefined;
  let closed = false;
  let cancelRetry = () => {};

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, keepAlive: true });
    next.on("error", () => {});
    next.on("end", () => {
      if (client === next) client = undefined;
      retry();
    });
    next.on("notification", ({ channel, payload }) => {
      if (channel === "identity") for (const listener of identities) listener(payload ?? "");
      else {
        const [stream = "", seq] = (payload ?? "").split(" ");
        for (const listener of changes) listener(stream, seq === undefined ? undefined : Number(seq));
      }
    });
    await next.connect();
    await next.query("listen sync");
    await next.query("listen identity");
    client = next;
  };

  const retry = (): void => {
    if (closed) return;
    cancelRetry();
    cancelRetry = after(1000, () => {
      connect().then(
        () => {
          for (const listener of changes) listener("*");
          for (const listener of identities) listener("*");
        },
        (error: unknown) => {
          log.warn(
            { err: error instanceof Error ? error.message : "unknown" },
            "live events: database is away",
          );
          retry();
        },
      );
    });
  };

  await connect();
  const subscribe =
    <T>(listeners: Set<T>) =>
    (listener: T) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
  return {
    onChange: subscribe(changes),
    onIdentity: subscribe(identities),
    async close() {
      closed = true;
      cancelRetry();
      await client?.end();
    },
  };
}
