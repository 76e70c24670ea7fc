/** Which record each merged record points to. Merges are few, so the whole map is small (C07). */
export type MergeLinks = ReadonlyMap<string, string>;

export const noLinks: MergeLinks = new Map();

export const mergeLinksOf = (
  patients: Iterable<{ readonly id: string; readonly mergedInto: string | null }>,
): MergeLinks => {
  const links = new Map<string, string>();
  for (const { id, mergedInto } of patients) if (mergedInto) links.set(id, mergedInto);
  return links;
};

/** The record that stands for the person: links are followed to their end. */
export function survivorOf(links: MergeLinks, patientId: string): string {
  let id = patientId;
  // The database takes no ring; should one ever arrive, reading ends all the same.
  for (let steps = 0; steps <= links.size; steps++) {
    const next = links.get(id);
    if (next === undefined) return id;
    id = next;
  }
  return patientId;
}

/** Every record of the person, the surviving one first. */
export function recordsOf(links: MergeLinks, patientId: string): readonly string[] {
  const survivor = survivorOf(links, patientId);
  const merged = [...links.keys()].filter((id) => survivorOf(links, id) === survivor);
  return [survivor, ...merged.sort()];
}

export const isSamePerson = (links: MergeLinks, a: string, b: string): boolean =>
  a === b || survivorOf(links, a) === survivorOf(links, b);
