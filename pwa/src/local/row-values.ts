import type { CollectionName, RowOf } from "#domain/registry.ts";
import type { RowAndMark, RowFilter, Rows } from "./local.ts";
import type { Replica } from "./sync/replica.ts";
import { derived, inner, type Value } from "./value.ts";
import type { Workspace } from "./workspace.ts";

const sameRows = (one: Rows<CollectionName>, other: Rows<CollectionName>): boolean =>
  one.ready === other.ready &&
  (one.rows === other.rows ||
    (one.rows.length === other.rows.length && one.rows.every((row, index) => row === other.rows[index])));

/**
 * Live rows as a value. It answers at once where it can, so that a screen is drawn with its rows the first time; it
 * follows changes only while somebody listens, goes with the session through lock and unlock, and holds nothing after a
 * lock.
 */
export function rowsValue<N extends CollectionName>(
  workspace: Value<Workspace | null>,
  name: N,
  filter: RowFilter<RowOf<N>>,
): Value<Rows<N>> {
  const none: Rows<N> = { rows: [], ready: false };
  const replicas = inner(workspace, (now) => now?.replica);
  const listeners = new Set<() => void>();
  let snapshot = none;
  let detach = () => {};

  const set = (next: Rows<N>) => {
    if (sameRows(snapshot, next)) return;
    snapshot = next;
    for (const listener of [...listeners]) listener();
  };
  const isWhole = (replica: Replica) => replica.stage.get() === "whole";
  const glance = (replica: Replica | null): Rows<N> => {
    const rows = replica?.model.glance(name, filter);
    return replica && rows ? { rows, ready: isWhole(replica) } : none;
  };
  const follow = (replica: Replica) => {
    let seen = false;
    const endRows = replica.model.watch(name, filter, (rows) => {
      seen = true;
      set({ rows, ready: isWhole(replica) });
    });
    if (!seen) set(glance(replica));
    const endReady = replica.stage.subscribe(() => {
      if (seen) set({ rows: snapshot.rows, ready: isWhole(replica) });
    });
    return () => {
      endRows();
      endReady();
    };
  };
  const attach = () => {
    let end = () => {};
    let current: Replica | null = null;
    const look = () => {
      const replica = replicas.get();
      if (replica === current) return;
      current = replica;
      end();
      end = replica ? follow(replica) : () => {};
      if (!replica && snapshot !== none) set(none);
    };
    const endReplicas = replicas.subscribe(look);
    look();
    return () => {
      endReplicas();
      end();
      snapshot = none;
    };
  };

  return {
    get() {
      if (listeners.size > 0) return snapshot;
      const next = glance(replicas.get());
      if (!sameRows(snapshot, next)) snapshot = next;
      return snapshot;
    },
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
