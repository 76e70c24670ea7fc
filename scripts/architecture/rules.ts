import type { SourceFile } from "./source-file.ts";

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What the rules are asked about: every source file and the slices found under domain/. */
export interface Repository {
  readonly files: readonly SourceFile[];
  /** Folders under domain/ with an index.ts, e.g. `patient`. */
  readonly slices: ReadonlySet<string>;
}

export interface Rule {
  readonly name: string;
  /** One sentence for people who broke it: what holds, and what to do instead. */
  readonly says: string;
  check(file: SourceFile, repository: Repository): Iterable<Violation>;
}

/** Which top-level folders a tier may import from. Folders without a line here may import everything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: ["domain"],
  pwa: ["pwa", "domain"],
  "sync-server": ["sync-server", "domain", "migrations"],
  "ai-node": ["ai-node", "domain"],
  migrations: ["migrations", "sync-server", "domain"],
};

/** Packages without input and output that every tier, the browser too, can carry. */
const domainPackages = new Set(["zod", "canonicalize", "@noble/hashes"]);
const testPackages = new Set(["vitest", "fast-check"]);

/** The one place where a token is verified: the defaults of jose accept too much. */
const tokenFile = "sync-server/identity/token.ts";
/** What loads the native onnxruntime, and the only two files that know how to load it silently. */
const runtimePackages = new Set(["onnxruntime-node", "@huggingface/transformers"]);
const runtimeFile = "ai-node/speech/onnx-runtime.ts";
const telemetryFile = "ai-node/speech/no-telemetry.ts";
const clockFile = "domain/kernel/clock.ts";
const forbiddenFolders = new Set(["utils", "util", "shared", "controllers", "services", "repositories"]);

const tierOf = (path: string): string => path.split("/")[0]!;
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
/** Tests and what exists for tests only may see behind every wall but the domain's. */
const isForTests = (path: string): boolean => isTest(path) || /(^|\/)testing\//.test(path);
const packageName = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** The clinic word that a file belongs to, e.g. `patient` for `pwa/src/patient/patient.page.tsx`. */
function sliceOf(path: string, slices: ReadonlySet<string>): string | undefined {
  const word = /^(?:domain|sync-server|pwa\/src)\/([^/]+)\//.exec(path)?.[1];
  return word !== undefined && slices.has(word) ? word : undefined;
}

const at = (file: SourceFile, line: number, message: string): Violation => ({
  file: file.path,
  line,
  message,
});

const tiers: Rule = {
  name: "tiers",
  says: "domain imports nothing of the project; pwa, sync-server and ai-node import domain and never each other.",
  *check(file) {
    const allowed = mayImport[tierOf(file.path)];
    if (!allowed || (isForTests(file.path) && tierOf(file.path) !== "domain")) return;
    for (const { target, specifier, line } of file.imports) {
      if (target === undefined || !target.includes("/")) continue;
      if (!allowed.includes(tierOf(target))) yield at(file, line, `imports ${specifier}`);
    }
  },
};

const pureDomain: Rule = {
  name: "pure-domain",
  says: "domain does no input or output: no node: modules, and only the packages listed in scripts/architecture/rules.ts.",
  *check(file) {
    if (tierOf(file.path) !== "domain") return;
    for (const { target, specifier, line } of file.imports) {
      if (target !== undefined || domainPackages.has(packageName(specifier))) continue;
      const inTest =
        isTest(file.path) && (specifier.startsWith("node:") || testPackages.has(packageName(specifier)));
      if (!inTest) yield at(file, line, `imports ${specifier}`);
    }
  },
};

const slices: Rule = {
  name: "slices",
  says: "A slice uses another slice only through that slice's index.ts.",
  *check(file, repository) {
    const own = sliceOf(file.path, repository.slices);
    if (own === undefined) return;
    for (const { target, specifier, line } of file.imports) {
      const other = target === undefined ? undefined : sliceOf(target, repository.slices);
      if (other === undefined || other === own || /\/[^/]+\/index\.ts$/.test(target ?? "")) continue;
      yield at(file, line, `imports ${specifier} of slice "${other}"`);
    }
  },
};

const noTestCode: Rule = {
  name: "no-test-code",
  says: "The product imports nothing that exists for tests.",
  *check(file) {
    if (!mayImport[tierOf(file.path)] || isForTests(file.path)) return;
    for (const { target, specifier, line } of file.imports) {
      if (target !== undefined && isForTests(target)) yield at(file, line, `imports ${specifier}`);
    }
  },
};

const namedExports: Rule = {
  name: "named-exports",
  says: "Exports have names; only configuration files have a default.",
  *check(file) {
    if (/\.config\.ts$/.test(file.path)) return;
    for (const line of file.defaultExports) yield at(file, line, "has a default export");
  },
};

const clock: Rule = {
  name: "clock",
  says: "Time, chance and timers come from domain/kernel/clock.ts, so that tests and the simulator can play them.",
  *check(file) {
    const inProduct = tierOf(file.path) in mayImport || tierOf(file.path) === "scripts";
    if (!inProduct || file.path === clockFile || file.path.endsWith(".mjs")) return;
    const mayWait = isForTests(file.path) || /^pwa\/src\/(?:.*\.tsx|.*\/use-[^/]*\.ts)$/.test(file.path);
    for (const { name, line } of file.calls) {
      if (!(mayWait && name.startsWith("set"))) yield at(file, line, `calls ${name}`);
    }
    for (const { specifier, line } of file.imports) {
      if (/^(node:)?timers(\/|$)/.test(specifier) && !mayWait) yield at(file, line, `imports ${specifier}`);
    }
  },
};

const oneTokenVerifier: Rule = {
  name: "one-token-verifier",
  says: `Tokens are judged only in ${tokenFile}: jose's defaults accept tokens without exp, iss, aud or typ.`,
  *check(file) {
    if (file.path === tokenFile || isForTests(file.path)) return;
    // Once a line: `import { jwtVerify }` names it twice.
    const lines = new Map(file.words.map(({ name, line }) => [line, name]));
    for (const [line, name] of lines) yield at(file, line, `uses ${name}`);
  },
};

const silentRuntime: Rule = {
  name: "silent-runtime",
  says: `onnxruntime-node reports to its maker unless ${telemetryFile} ran before it: the product imports ${runtimeFile}, everything else imports ${telemetryFile} first.`,
  *check(file) {
    if (file.path === runtimeFile && file.imports[0]?.target === telemetryFile) return;
    const silenced = !(tierOf(file.path) in mayImport) && file.imports[0]?.target === telemetryFile;
    for (const { specifier, line } of file.imports) {
      if (runtimePackages.has(packageName(specifier)) && !silenced)
        yield at(file, line, `imports ${specifier}`);
    }
  },
};

const clinicWords: Rule = {
  name: "clinic-words",
  says: "Folders are named after what a clinic has, not after layers; there is no utils and no shared.",
  *check(file) {
    const folder = file.path
      .split("/")
      .slice(0, -1)
      .find((part) => forbiddenFolders.has(part));
    if (folder) yield at(file, 1, `is in a folder called ${folder}`);
  },
};

const kebabCase: Rule = {
  name: "kebab-case",
  says: "Files and folders are in kebab case, with a purpose after a dot where it helps (patient.schema.ts).",
  *check(file) {
    if (tierOf(file.path) === "migrations") return;
    const odd = file.path.split("/").find((part) => !/^\.?[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(part));
    if (odd !== undefined) yield at(file, 1, `"${odd}" is not in kebab case`);
  },
};

export const rules: readonly Rule[] = [
  tiers,
  pureDomain,
  slices,
  noTestCode,
  namedExports,
  clock,
  oneTokenVerifier,
  silentRuntime,
  clinicWords,
  kebabCase,
];

/** Longer files are listed as a warning: they usually hold two things. */
export const longFileLines = 400;
