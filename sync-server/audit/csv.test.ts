import { describe, expect, it } from "vitest";
import { csvCell, csvLine } from "./csv.ts";

describe("a cell", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "－1"])(
    "that a spreadsheet could compute is text: %j",
    (value) => {
      const cell = csvCell(value);
      expect(cell.replace(/^"/, "")).toMatch(/^'/);
    },
  );

  it("with a comma, quote or line end is quoted, after RFC 4180", () => {
    expect(csvLine(["a,b", 'say "x"', "two\r\nlines", "plain", undefined, 7, -7])).toBe(
      '"a,b","say ""x""","two\r\nlines",plain,,7,-7\r\n',
    );
  });

  it("keeps every letter", () => {
    expect(csvCell("Jørgensen 山 🩺")).toBe("Jørgensen 山 🩺");
  });
});
