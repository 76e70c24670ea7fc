import { type MergeLinks, mergeLinksOf } from "#domain/patient/index.ts";
import { rowsValue } from "./row-values.ts";
import { derived, type Value } from "./value.ts";
import type { Workspace } from "./workspace.ts";

const sameLinks = (a: MergeLinks, b: MergeLinks): boolean =>
  a.size === b.size && [...a].every(([id, into]) => b.get(id) === into);

/**
 * Which records on this tablet were merged into which (C07). It is followed as long as the layer lives, so that no screen
 * shows half of a person for its first moment.
 */
export function followMergeLinks(workspace: Value<Workspace | null>): {
  readonly links: Value<MergeLinks>;
  readonly end: () => void;
} {
  const merged = rowsValue(workspace, "patient", { where: { mergedInto: { not: null } } });
  const links = derived([merged], () => mergeLinksOf(merged.get().rows), sameLinks);
  return { links, end: links.subscribe(() => {}) };
}
