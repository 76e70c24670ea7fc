import type { CollectionName, RowOf } from "#domain/registry.ts";
import type { RowAndMark, RowFilter, Rows } from "./local.ts";
import type { Replica } from "./sync/replica.ts";
import { derived, type Value } from "./value.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Live rows as a value. It looks at the disk's rows only while somebody listens, follows the session through lock and
 * unlock, and holds nothing after a lock.
 */
export function rowsValue<N extends CollectionName>(
  workspace: Value<Workspace | null>,
  name: N,
  filter: RowFilter<RowOf<N>>,
): Value<Rows<N>> {
  const none: Rows<N> = { rows: [], ready: false };
  const listeners = new Set<() => void>();
  let snapshot = none;
  let detach = () => {};

  const set = (next: Rows<N>) => {
    snapshot = next;
    for (const listener of [...listeners]) listener();
  };
  const follow = (replica: Replica) => {
    let seen = false;
    const endRows = replica.model.watch(name, filter, (rows) => {
      seen = true;
      set({ rows, ready: replica.ready.get() });
    });
    const endReady = replica.ready.subscribe(() => {
      if (seen) set({ rows: snapshot.rows, ready: replica.ready.get() });
    });
    return () => {
      endRows();
      endReady();
    };
  };
  const attach = () => {
    let endReplica = () => {};
    let current: Replica | null = null;
    const toReplica = () => {
      const replica = workspace.get()?.replica.get() ?? null;
      if (replica === current) return;
      current = replica;
      endReplica();
      endReplica = replica ? follow(replica) : () => {};
      if (!replica && snapshot !== none) set(none);
    };
    let endSpace = () => {};
    const toSpace = () => {
      endSpace();
      endSpace = workspace.get()?.replica.subscribe(toReplica) ?? (() => {});
      toReplica();
    };
    const endWorkspace = workspace.subscribe(toSpace);
    toSpace();
    return () => {
      endWorkspace();
      endSpace();
      endReplica();
      snapshot = none;
    };
  };

  return {
    get: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) detach = attach();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) detach();
      };
    },
  };
}

/** One row with its mark. */
export function rowValue<N extends CollectionName>(
  workspace: Value<Workspace | null>,
  marks: Value<unknown>,
  name: N,
  id: string,
): Value<RowAndMark<N>> {
  const rows = rowsValue(workspace, name, { where: { id } } as RowFilter<RowOf<N>>);
  return derived<RowAndMark<N>>(
    [rows, marks],
    () => {
      const row = rows.get().rows[0];
      const mark = row ? workspace.get()?.mark(id) : undefined;
      return { row, mark, ready: rows.get().ready };
    },
    (a, b) => a.row === b.row && a.mark === b.mark && a.ready === b.ready,
  );
}
