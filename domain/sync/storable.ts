/** Deeper than any record: what nests further would exhaust the stack of whoever walks it. */
const MAX_DEPTH = 32;

export const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes("\u0000");

/**
 * Text as it can be hashed, sealed and stored: half an emoji (a cut paste, a broken keyboard) and NUL become the
 * replacement character. Applied where text enters the tablet, so that no saving ever fails for one character.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll("\u0000", "\ufffd");

/**
 * Looks for what the database cannot hold: NUL characters, halves of surrogate pairs (a cut emoji), and nesting without
 * end. Names are looked at as well as values.
 * @returns where it is, as `content.subjective.0.text` (empty = the value itself), or null when all is well
 */
export function unstorablePlace(value: unknown): string | null {
  const waiting: { value: unknown; path: readonly string[] }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path } = next;
    if (typeof next.value === "string" && !isStorableText(next.value)) return path.join(".");
    if (typeof next.value !== "object" || next.value === null) continue;
    if (path.length >= MAX_DEPTH) return path.slice(0, 4).join(".");
    for (const [name, member] of Object.entries(next.value)) {
      if (!isStorableText(name)) return path.join(".");
      waiting.push({ value: member, path: [...path, name] });
    }
  }
  return null;
}
