import type { DBCore, DBCoreMutateRequest, DBCoreMutateResponse, DBCoreTable } from "dexie";
import { KillableDatabase } from "./killable-database.ts";

const nothingDone: DBCoreMutateResponse = {
  numFailures: 0,
  failures: {},
  lastResult: undefined,
  results: [],
};

type Mutate = (
  real: DBCoreTable["mutate"],
  request: DBCoreMutateRequest,
) => ReturnType<DBCoreTable["mutate"]>;

/** A store in which writes to some tables do something else than what was asked. */
function storeWith(changed: Readonly<Record<string, Mutate>>): typeof KillableDatabase {
  return class extends KillableDatabase {
    constructor(...args: ConstructorParameters<typeof KillableDatabase>) {
      super(...args);
      this.use({ stack: "dbcore", name: "planted", level: 1, create: (core) => wrap(core) });
    }
  };
  function wrap(core: DBCore): DBCore {
    return {
      ...core,
      table: (name) => {
        const table = core.table(name);
        const mutate = changed[name];
        return mutate ? { ...table, mutate: (request) => mutate(table.mutate, request) } : table;
      },
    };
  }
}

const isRemoval = ({ type }: DBCoreMutateRequest) => type === "delete" || type === "deleteRange";

/** B5: the keys and rows of a stream that left the scope stay where they are. */
export const KeepingDatabase = storeWith({
  streams: (real, request) => (isRemoval(request) ? Promise.resolve(nothingDone) : real(request)),
});

/** B6: when one entry of the outbox is acknowledged, all of it goes. */
export const ClearingDatabase = storeWith({
  outbox: (real, request) =>
    request.type === "delete" && request.keys.length > 0
      ? real({
          type: "deleteRange",
          trans: request.trans,
          range: { type: 3, lower: undefined, upper: undefined },
        })
      : real(request),
});
