import { describe, expect, it } from "vitest";
import { findBirthDate, typedBirthDate } from "./birth-date.ts";

const today = "2026-11-22";

describe("a birth date", () => {
  it.each([
    "1961-03-09",
    "1961/3/9",
    "03/09/1961",
    "3/9/61",
    "3.9.1961",
    "3-9-1961",
    "9 Mar 1961",
    "9 March, 1961",
    "Mar 9, 1961",
    "march 9 1961",
    "03091961",
  ])("is understood when typed as %s", (typed) => {
    expect(typedBirthDate(typed, today)).toBe("1961-03-09");
  });

  it("takes day and month the other way round only where nothing else makes sense", () => {
    expect(typedBirthDate("25/12/1990", today)).toBe("1990-12-25");
    expect(typedBirthDate("11/12/1990", today)).toBe("1990-11-12");
  });

  it.each(["", "Ana", "2/30/1990", "13/13/1990", "1/1/2031", "9 Mar", "3/9/1961 x"])(
    "is none when typed as '%s'",
    (typed) => {
      expect(typedBirthDate(typed, today)).toBeNull();
    },
  );

  it("reads two digits as the last such year that is not in the future", () => {
    expect(typedBirthDate("1/2/26", today)).toBe("2026-01-02");
    expect(typedBirthDate("1/2/27", today)).toBe("1927-01-02");
  });

  it("is found among other words", () => {
    expect(findBirthDate("lopez 3/9/1961 ana", today)).toEqual({ date: "1961-03-09", rest: "lopez   ana" });
  });
});
