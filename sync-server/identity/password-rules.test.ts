import { describe, expect, it } from "vitest";
import { faultOf, lengthOf } from "./password-rules.ts";

const owner = { username: "maya.okafor", name: "Maya Okafor", practice: "Lakeside Family Practice" };
const alone = (password: string) => faultOf(password, owner, false);
const beside = (password: string) => faultOf(password, owner, true);

describe("a new password", () => {
  it.each([
    "four words to keep",
    "mended-kettle-harbor-41",
    "seven quiet herons",
    "sieben leise Reiher",
    "vier Wörter für später",
    "copper lantern drift meadow",
    "k7#pQ2xz9!Lm4Rt",
    "tortuga linterna cobre prado",
    `${"harbor lantern copper ".repeat(11)}x`,
  ])(
    "of 15 characters that nobody guesses is taken without any rule of composition: %s",
    async (password) => {
      expect(await alone(password)).toBeNull();
    },
  );

  it("of 8 characters is taken beside a second factor only", async () => {
    expect(await beside("k7#pQ2xz")).toBeNull();
    expect(await alone("k7#pQ2xz")).toBe("short");
    expect(await alone("k7#pQ2xz9!Lm4R")).toBe("short");
    expect(await beside("k7#pQ2x")).toBe("short");
  });

  it.each(["passwordpassword", "letmeinletmein1", "Password123456789", "correct horse battery staple"])(
    "from the list of guessed ones is refused: %s",
    async (password) => {
      expect(["common", "pattern"]).toContain(await alone(password));
    },
  );

  it.each(["aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "123123123123123123"])(
    "that follows a pattern is refused: %s",
    async (password) => {
      expect(["common", "pattern"]).toContain(await alone(password));
    },
  );

  it.each([
    "maya okafor 1985!",
    "MayaOkafor-maya.okafor",
    "Lakeside Family Practice",
    "lakeside-maya-2026",
    "jamemr-okafor-1",
  ])("made of the person's own names or the practice's is refused: %s", async (password) => {
    expect(await alone(password.padEnd(15, "!"))).toBe("own");
  });

  it("guessed in a moment is refused beside a second factor, too", async () => {
    for (const password of ["password1", "sunshine12", "okafor12", "qwertyui"])
      expect(await beside(password), password).not.toBeNull();
  });

  it("is counted as people see it, however its letters are put together", async () => {
    expect(lengthOf("é")).toBe(1);
    expect(lengthOf("e\u0301")).toBe(1);
    expect(lengthOf("👩🏽")).toBe(2);
  });

  it("may be long, and is looked at in a moment however long it is", async () => {
    const started = performance.now();
    expect(await alone("@4$5!1|0 ".repeat(28))).not.toBe("long");
    expect(await alone("x".repeat(257))).toBe("long");
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
