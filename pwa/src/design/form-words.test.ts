import { expect, test } from "vitest";
import type { Kept } from "#pwa/local/index.ts";
import { FormWords } from "./form-words.ts";

/** Where words are kept, without a disk. */
function shelf() {
  const entries = new Map<string, Kept>();
  return {
    entries,
    find: (place: string) => entries.get(place),
    put: (place: string, fields: Kept["fields"]) =>
      void entries.set(place, { place, at: "2027-01-12T14:05:00.000Z", fields }),
    drop: (place: string) => void entries.delete(place),
  };
}

test("a form keeps what differs from what it was opened with, and nothing when it is as it was", () => {
  const words = shelf();
  const form = new FormWords(words, "here");
  expect(form.start("text", "", false)).toBe("");
  form.write("text", "half", "", false);
  expect(words.entries.get("here")?.fields).toEqual({ text: "half" });
  form.write("text", "", "", false);
  expect(words.entries.size).toBe(0);
});

test("it is there for the same place, and for no other", () => {
  const words = shelf();
  new FormWords(words, "ana's").write("text", "half", "", false);
  const same = new FormWords(words, "ana's");
  expect(same.from).toBe("2027-01-12T14:05:00.000Z");
  expect(same.start("text", "", false)).toBe("half");
  const other = new FormWords(words, "ben's");
  expect(other.from).toBeNull();
  expect(other.start("text", "", false)).toBe("");
});

test("of a field with parts only what was changed comes back over what stands there by then", () => {
  const words = shelf();
  const before = { phone: "1", email: "a@b", contacts: [] as string[] };
  new FormWords(words, "here").write("value", { ...before, phone: "2" }, before, false);
  const meanwhile = { ...before, email: "c@d" };
  expect(new FormWords(words, "here").start("value", meanwhile, false)).toEqual({ ...meanwhile, phone: "2" });
});

test("the time of a measurement is kept with it, and alone is no reason to keep anything", () => {
  const words = shelf();
  const form = new FormWords(words, "here");
  form.start("takenAt", "14:05", true);
  form.write("takenAt", "14:00", "14:05", true);
  expect(words.entries.size).toBe(0);
  form.write("texts", { pulse: "72" }, {}, false);
  expect(words.entries.get("here")?.fields).toEqual({ takenAt: "14:00", texts: { pulse: "72" } });
  const later = new FormWords(words, "here");
  expect(later.start("takenAt", "15:30", true)).toBe("14:00");
  expect(later.start("takenAt", "15:30", true)).toBe("14:00");
  later.write("texts", {}, {}, false);
  expect(words.entries.size).toBe(0);
});

test("what another release kept under the same name is left where it does not fit", () => {
  const words = shelf();
  words.put("here", { text: ["a", "list"], list: "text", picked: { title: "x" } });
  const form = new FormWords(words, "here");
  expect(form.start("text", "", false)).toBe("");
  expect(form.start("list", [], false)).toEqual([]);
  expect(form.start("picked", null, false)).toEqual({ title: "x" });
});

test("thrown away, every field is as it was; saved or cancelled, nothing is kept any more", () => {
  const words = shelf();
  words.put("here", { text: "half" });
  const form = new FormWords(words, "here");
  let shown = form.start("text", "", false);
  form.onReset(() => {
    shown = "";
  });
  form.throwAway();
  expect(shown).toBe("");
  expect(words.entries.size).toBe(0);
  form.write("text", "anew", "", false);
  expect(words.entries.size).toBe(1);
  form.end();
  form.write("text", "too late", "", false);
  expect(words.entries.size).toBe(0);
});
