import type { MutationStamp, Row } from "#domain/collection.ts";
import { mutations } from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { presentArgs } from "#domain/upcast.ts";

/** What a mutation acts on: its collection's name and the record's id, e.g. `appointment|0198…`. */
export const rowKey = (collection: string, id: string): string => `${collection}|${id}`;

export const rowKeyOf = (mutation: Pick<PushedMutation, "name" | "args">): string =>
  rowKey(mutation.name.slice(0, mutation.name.lastIndexOf(".")), mutation.args.id);

export const stampOf = (mutation: PushedMutation): MutationStamp => ({
  mutationId: mutation.id,
  at: mutation.at,
  actor: mutation.actor,
  role: mutation.role,
});

/**
 * The row a person sees: what the clinic confirmed, with the waiting changes replayed in their order. The same `apply`
 * runs on the server. A change this release does not know (a newer version's entry) leaves the row as it is; what an
 * older release wrote is read as the server will.
 */
export function replay(
  confirmed: Readonly<Record<string, unknown>> | undefined,
  pending: readonly PushedMutation[],
): Readonly<Record<string, unknown>> | undefined {
  let view = confirmed as Row | undefined;
  for (const mutation of pending) {
    const found = mutations.get(mutation.name);
    if (!found) continue;
    const args = found.mutation.args.safeParse(presentArgs(found.mutation, mutation));
    if (args.success) view = found.mutation.apply(view, args.data, stampOf(mutation));
  }
  return view as Readonly<Record<string, unknown>> | undefined;
}
