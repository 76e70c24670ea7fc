import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const read = (path: string): string => readFileSync(join(root, path), "utf8");

const plain = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, ""))
    .join(" ")
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll(/\s+/g, " ")
    .trim();

/**
 * The comments that stand before the members of an object literal: `/** Seconds. *\/ expiresIn: …`. The schemas are
 * explained where they are written; the reference repeats it instead of making the page carry descriptions.
 *
 * @param name of the constant, so that equal member names elsewhere in the file are not mixed up
 */
export function memberComments(file: string, name: string): ReadonlyMap<string, string> {
  const [, body = ""] = read(file).split(new RegExp(`^(?:export )?const ${name}\\b`, "m"));
  return commentsIn(body.split(/^(?:export |const )/m)[0]!);
}

function commentsIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const commented = /^[ \t]+\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n\s*(\w+)(?::|,)/gm;
  for (const [, comment, name] of text.matchAll(commented)) {
    if (!found.has(name!)) found.set(name!, plain(comment!));
  }
  return found;
}

/** The comment before `export const <name>`. */
export function exportComment(file: string, name: string): string {
  const pattern = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*\\nexport const ${name}\\b`);
  return plain(pattern.exec(read(file))?.[1] ?? "");
}

/** A long list in a file is divided by `// Heading` lines: the heading of each of its keys. */
export function headings(file: string, first: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let heading = first;
  for (const line of read(file).split("\n")) {
    const comment = /^ {2}\/\/ (.+)$/.exec(line);
    if (comment) heading = comment[1]!;
    const key = /^ {2}(\w+): (?:entry\(|\()/.exec(line);
    if (key) found.set(key[1]!, heading);
  }
  return found;
}

/** Entries under their headings, in the order of the file. */
export function grouped<K extends string, T>(
  entries: readonly (readonly [K, T])[],
  headingOf: ReadonlyMap<string, string>,
): [string, [K, T][]][] {
  const groups = new Map<string, [K, T][]>();
  for (const [key, value] of entries) {
    const heading = headingOf.get(key) ?? "Others";
    groups.set(heading, [...(groups.get(heading) ?? []), [key, value]]);
  }
  return [...groups];
}
