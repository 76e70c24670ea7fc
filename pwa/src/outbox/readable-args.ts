import { type ArgsOf, type MutationName, mutations } from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { presentArgs } from "#domain/upcast.ts";
import { mutate } from "#pwa/local/index.ts";

/** The arguments as this release reads them; null for those that it cannot read, and for damaged ones. */
export function readableArgs(written: PushedMutation): PushedMutation["args"] | null {
  const mutation = mutations.get(written.name)?.mutation;
  const args = mutation ? presentArgs(mutation, written) : null;
  return args && mutation?.args.safeParse(args).success ? args : null;
}

/** Writes the same once more, in this release's form. */
export const writeAgain = (written: PushedMutation): Promise<unknown> =>
  mutate(
    written.name as MutationName,
    (readableArgs(written) ?? written.args) as ArgsOf<MutationName>,
    written.base,
  );
