import fc from "fast-check";
import type { TestPractice } from "./test-practice.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What programs and attackers put where something else belongs. */
export const nasty = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    -0,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\ud800",
    "\udc00x",
    "\u202e\ufeff",
    "2027-02-30",
    "2027-02-30T10:00:00Z",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "-271821-04-20T00:00:00Z",
    "__proto__",
    "constructor",
    "' or 1=1 --",
    "{1,2}",
    '","',
    "%00%ff",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "x".repeat(5000),
    [],
    {},
    [[]],
    Array(3000).fill(0) as Json[],
    { __proto__x: 1 },
    { $where: "1" },
    { $ne: null },
    { length: 1e9 },
    { toString: "x", valueOf: 1 },
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

export const places = (value: Json, path: string[] = []): string[][] =>
  typeof value === "object" && value !== null
    ? [path, ...Object.entries(value).flatMap(([name, member]) => places(member, [...path, name]))]
    : [path];

export function replaced(
  value: Json,
  [name, ...rest]: string[],
  by: (old: Json | undefined) => Json | undefined,
): Json | undefined {
  if (name === undefined) return by(value);
  const copy = structuredClone(value) as { [name: string]: Json };
  const next = replaced(copy[name]!, rest, by);
  if (next === undefined) {
    if (Array.isArray(copy)) copy.splice(Number(name), 1);
    else delete copy[name];
  } else copy[name] = next;
  return copy;
}

/** A valid body with one thing wrong, or something that is no body at all. */
export const wrongBodies = (valid: Json): fc.Arbitrary<{ text: string | Uint8Array; type: string }> => {
  const json = "application/json";
  const all = places(valid);
  const oneThing = fc
    .tuple(fc.constantFrom(...all), nasty, fc.integer({ min: 0, max: 3 }))
    .map(([path, bad, how]) => {
      const body = replaced(valid, path, (old) => {
        if (how === 0) return undefined;
        if (how === 1 && typeof old === "object" && old !== null && !Array.isArray(old))
          return { ...old, extra: bad };
        return bad;
      });
      return { text: JSON.stringify(body ?? null), type: json };
    });
  const inside = all.filter((path) => path.length > 0);
  const prototype = fc.constantFrom(...(inside.length > 0 ? inside : all)).map((path) => ({
    text: JSON.stringify(replaced(valid, path, () => "MARK")).replace(
      '"MARK"',
      '{"__proto__":{"admin":true}}',
    ),
    type: json,
  }));
  const deep = fc.constantFrom(...all).map((path) => ({
    text: JSON.stringify(replaced(valid, path, () => "MARK")).replace(
      '"MARK"',
      "[".repeat(20_000) + "]".repeat(20_000),
    ),
    type: json,
  }));
  const text = JSON.stringify(valid);
  const raw = fc.oneof(
    fc.constantFrom<{ text: string | Uint8Array; type: string }>(
      { text: "", type: json },
      { text: "null", type: json },
      { text: "[]", type: json },
      { text: '"text"', type: json },
      { text: "NaN", type: json },
      { text: text.slice(0, -1), type: json },
      { text: `${text}${text}`, type: json },
      { text: `\ufeff${text}`, type: json },
      { text, type: "text/plain" },
      { text, type: "application/x-www-form-urlencoded" },
      { text, type: "multipart/form-data; boundary=x" },
      { text, type: "" },
      { text, type: "application/json-patch+json" },
      { text: Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), type: json },
      { text: Uint8Array.of(0xed, 0xa0, 0x80), type: json },
      { text: `{"x":"${"y".repeat(17 * 1024 * 1024)}"}`, type: json },
    ),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ text: Uint8Array.from(bytes), type: json })),
  );
  return fc.oneof(
    { weight: 12, arbitrary: oneThing },
    { weight: 1, arbitrary: prototype },
    { weight: 1, arbitrary: deep },
    { weight: 3, arbitrary: raw },
  );
};

/** Everything a refused request may not have changed. Audit records are not among it: a denial leaves one. */
export const stateOf = async (practice: TestPractice) =>
  (
    await practice.owner(`select (select coalesce(max(seq), 0) from sync_row) as synced,
      (select sum(last_n) from sync_client) as settled, (select count(*) from sync_mutation) as mutations,
      (select count(*) from session where ended_at is null) as sessions, (select count(*) from quarantine) as held,
      (select count(*) from token where revoked_at is null) as tokens, (select count(*) from ai_node) as nodes,
      (select count(*) from device where status = 'enrolled') as devices`)
  )[0];
