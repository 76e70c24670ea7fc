import { after } from "#domain/kernel/clock.ts";

/** What becomes of a tab that works when another one wants to. */
export interface TabEnds {
  /** Asked to leave: what is on the screen can still be saved. The lock goes when this is done. */
  onAsked(): Promise<void>;
  /** The lock was taken from a tab that did not answer. It may write nothing more. */
  onLost(): void;
}

/** Only one tab of a browser works with the records: two would number the same outbox. */
export interface TabLock {
  /** Takes the lock if it is free. */
  acquire(ends: TabEnds): Promise<boolean>;
  /** Asks the tab that has the lock to leave, and takes it from one that does not answer: a frozen tab cannot. */
  takeOver(ends: TabEnds): Promise<void>;
  release(): void;
}

/** Milliseconds in which a tab that was asked has to leave: longer than it may take to save its words. */
const ANSWER_WITHIN = 4000;

/** @param locks Web Locks; a browser without them cannot have two working tabs told apart, so it is trusted */
export function createTabLock(locks: LockManager | undefined, name = "jamemr-tab"): TabLock {
  let release = () => {};
  const hold = (options: LockOptions, ends: TabEnds): Promise<boolean> =>
    new Promise((resolve, reject) => {
      if (!locks) return resolve(true);
      let held = false;
      locks
        .request(name, options, (lock) => {
          held = lock !== null;
          if (!lock) return resolve(false);
          return new Promise<void>((done) => {
            release = answerOthers(name, ends, done);
            resolve(true);
          });
        })
        .catch((error: unknown) => {
          release();
          if (held) ends.onLost();
          else reject(error);
        });
    });
  return {
    acquire: (ends) => hold({ ifAvailable: true }, ends),
    async takeOver(ends) {
      const patience = new AbortController();
      const cancel = after(ANSWER_WITHIN, () => patience.abort());
      const asking = hold({ signal: patience.signal }, ends);
      ask(name);
      try {
        await asking;
      } catch (error) {
        if (!patience.signal.aborted) throw error;
        await hold({ steal: true }, ends);
      } finally {
        cancel();
      }
    },
    release: () => release(),
  };
}

const LEAVE = "leave";

function ask(name: string): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(LEAVE);
  channel.close();
}

/** Listens while this tab works. @returns what gives the lock back */
function answerOthers(name: string, ends: TabEnds, done: () => void): () => void {
  const channel = new BroadcastChannel(name);
  const release = () => {
    channel.close();
    done();
  };
  channel.onmessage = async ({ data }) => {
    if (data !== LEAVE) return;
    try {
      await ends.onAsked();
    } finally {
      release();
    }
  };
  return release;
}
