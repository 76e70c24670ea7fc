/** Columns of the text as people read it in an editor; tables may be wider, a line of one cannot be broken. */
const lineWidth = 120;
/** A column wider than this is not padded: one long cell would push everything else off the screen. */
const widestPadding = 44;

/** A paragraph, broken at spaces. */
export function paragraph(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > lineWidth) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

export const code = (text: string): string => `\`${text}\``;

/** A cell never ends its column early, and angle brackets stay letters. */
const cell = (text: string): string =>
  text.trim().replaceAll(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, column) =>
    Math.min(widestPadding, Math.max(3, ...cells.map((row) => row[column]?.length ?? 0))),
  );
  const line = (row: readonly string[]) =>
    `| ${row
      .map((text, column) => (column === row.length - 1 ? text : text.padEnd(widths[column]!)))
      .join(" | ")} |`;
  const rule = `|${widths.map((width, column) => "-".repeat(column === widths.length - 1 ? 5 : width + 2)).join("|")}|`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}

/** A whole page. Its first lines say where to change what it tells. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const note = `<!-- Generated from ${source} by "npm run reference". Change it there. -->`;
  return `${[note, `# ${title}`, ...parts.filter((part) => part !== "")].join("\n\n")}\n`;
}
