/**
 * The tables of this slice are written as lines, because a clinician who checks them should see a table, and because
 * they are a third of the size of the same objects. They are read once, when first asked for: a page that only judges
 * a blood pressure never reads the drugs, and the mark lets the bundler leave them out of it.
 */
/* @__NO_SIDE_EFFECTS__ */
export function once<T>(read: () => T): () => T {
  let held: { readonly value: T } | undefined;
  return () => {
    held ??= { value: read() };
    return held.value;
  };
}

/** The cells of each line; blank lines are for the eye. Sections start with `#` and come as a single cell. */
export const cellsOf = (table: string): string[][] =>
  table
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split("|").map((cell) => cell.trim()));

/** A list inside a cell, such as `Zestril, Prinivil`. */
export const listOf = (cell: string | undefined): string[] =>
  cell ? cell.split(",").map((item) => item.trim()) : [];
