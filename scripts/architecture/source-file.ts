import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseSync, Visitor } from "vite";

export interface ImportFact {
  /** As written, e.g. `#domain/patient/index.ts`. */
  readonly specifier: string;
  /** Path from the repository's root for our own files; undefined for packages. */
  readonly target: string | undefined;
  readonly line: number;
}

export interface SourceFile {
  /** Path from the root with `/`, e.g. `sync-server/sync/pull.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ImportFact[];
  /** Calls of the clock and of chance that have a replacement in the kernel, e.g. `Date.now`. */
  readonly calls: readonly { readonly name: string; readonly line: number }[];
  /** Where each watched word stands as a name in the code, not in a string or comment. */
  readonly words: readonly { readonly name: string; readonly line: number }[];
  readonly defaultExports: readonly number[];
}

/** What of jose judges a token by its own lenient rules; sealing, opening, keys and signing are free to use. */
const watchedWords = new Set(["jwtVerify", "jwtDecrypt", "UnsecuredJWT", "EmbeddedJWK"]);

const aliases: Readonly<Record<string, string>> = {
  "#domain/": "domain/",
  "#server/": "sync-server/",
  "#ai/": "ai-node/",
  "#pwa/": "pwa/src/",
};

/**
 * Reads what the architecture rules ask about one file, with a real parser: text in strings and comments does
 * not count, and a type import counts like any other.
 *
 * @throws {Error} naming the file when it cannot be parsed
 */
export function readSourceFile(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineAt = lineCounter(text);
  const imports: ImportFact[] = [];
  const add = (specifier: string | undefined, offset: number) => {
    if (specifier === undefined) return;
    imports.push({ specifier, target: resolveImport(path, specifier), line: lineAt(offset) });
  };
  for (const { moduleRequest } of module.staticImports) add(moduleRequest.value, moduleRequest.start);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) add(moduleRequest.value, moduleRequest.start);
  }
  for (const { moduleRequest } of module.dynamicImports) {
    add(literal(text.slice(moduleRequest.start, moduleRequest.end)), moduleRequest.start);
  }
  const defaultExports = module.staticExports.flatMap(({ entries }) =>
    entries.filter(isDefaultExport).map(({ start }) => lineAt(start)),
  );
  return { path, lines: lineAt(text.length), imports, ...walk(program, lineAt), defaultExports };
}

const isDefaultExport = ({ exportName }: { exportName: { kind: string; name: string | null } }): boolean =>
  exportName.kind === "Default" || exportName.name === "default";

/** The value of a quoted text without holes, or undefined for an expression. */
const literal = (code: string): string | undefined => /^(["'`])([^"'`$\\]*)\1$/.exec(code.trim())?.[2];

function resolveImport(from: string, specifier: string): string | undefined {
  for (const [alias, folder] of Object.entries(aliases)) {
    if (specifier.startsWith(alias)) return folder + specifier.slice(alias.length);
  }
  if (!specifier.startsWith(".")) return undefined;
  const target = relative(".", join(dirname(from), specifier.replace(/\?.*$/, "")));
  return target.split(sep).join("/");
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

type Program = ReturnType<typeof parseSync>["program"];

const timerNames = new Set(["setTimeout", "setInterval"]);
const globalNames = new Set(["globalThis", "window", "self", "global"]);

type Place = { readonly name: string; readonly line: number };

function walk(program: Program, lineAt: (offset: number) => number): { calls: Place[]; words: Place[] } {
  const calls: Place[] = [];
  const words: Place[] = [];
  new Visitor({
    CallExpression({ callee, start }) {
      const name = calledName(callee);
      if (name) calls.push({ name, line: lineAt(start) });
    },
    NewExpression({ callee, arguments: given, start }) {
      if (given.length === 0 && "name" in callee && callee.name === "Date") {
        calls.push({ name: "new Date()", line: lineAt(start) });
      }
    },
    Identifier({ name, start }) {
      if (watchedWords.has(name)) words.push({ name, line: lineAt(start) });
    },
  }).visit(program);
  return { calls, words };
}

/** `Date.now`, `Math.random`, a timer, or `Date()`; undefined for every other callee. */
function calledName(callee: { type: string }): string | undefined {
  if ("name" in callee && typeof callee.name === "string") {
    if (callee.name === "Date") return "Date()";
    return timerNames.has(callee.name) ? callee.name : undefined;
  }
  if (callee.type !== "MemberExpression") return undefined;
  const { object, property } = callee as {
    type: string;
    object: { name?: string };
    property: { name?: string };
  };
  const full = `${object.name}.${property.name}`;
  if (full === "Date.now" || full === "Math.random") return full;
  const isGlobalTimer = globalNames.has(object.name ?? "") && timerNames.has(property.name ?? "");
  return isGlobalTimer ? property.name : undefined;
}
