/** Before the first line: without it Excel takes UTF-8 for something else, and names lose their letters. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** What a spreadsheet program may take for a formula, also behind spaces and in full width; and what ends a cell in some. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** A cell after RFC 4180. What could be a formula begins with an apostrophe, which makes it text. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return "";
  const plain = String(value);
  const text = typeof value === "string" && FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line after RFC 4180, with its end. */
export const csvLine = (cells: readonly (string | number | undefined)[]): string =>
  `${cells.map(csvCell).join(",")}\r\n`;
