/** Only one tab of a browser works with the records: two would number the same outbox. */
export interface TabLock {
  /** Takes the lock if it is free. `onLost` is called when another tab takes it over. */
  acquire(onLost: () => void): Promise<boolean>;
  /** Takes the lock from whoever has it. */
  steal(onLost: () => void): Promise<void>;
  release(): void;
}

/** @param locks Web Locks; a browser without them cannot have two working tabs told apart, so it is trusted */
export function createTabLock(locks: LockManager | undefined, name = "jamemr-tab"): TabLock {
  let release = () => {};
  const hold = (options: LockOptions, onLost: () => void): Promise<boolean> =>
    new Promise((resolve, reject) => {
      if (!locks) return resolve(true);
      let held = false;
      locks
        .request(name, options, (lock) => {
          held = lock !== null;
          resolve(held);
          if (!lock) return undefined;
          return new Promise<void>((done) => {
            release = done;
          });
        })
        .catch((error: unknown) => {
          if (held) onLost();
          else reject(error);
        });
    });
  return {
    acquire: (onLost) => hold({ ifAvailable: true }, onLost),
    steal: async (onLost) => {
      await hold({ steal: true }, onLost);
    },
    release: () => release(),
  };
}
