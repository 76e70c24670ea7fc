import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** No browser for tests; the message says what to install. */
export class ChromiumError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ChromiumError";
  }
}

const systemPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Debian package of each library that a slim image lacks; Ubuntu 24.04 adds `t64` to some names. */
const debianPackages: Readonly<Record<string, string>> = {
  "libnss3.so": "libnss3",
  "libnssutil3.so": "libnss3",
  "libsmime3.so": "libnss3",
  "libnspr4.so": "libnspr4",
  "libplc4.so": "libnspr4",
  "libplds4.so": "libnspr4",
  "libatk-1.0.so.0": "libatk1.0-0",
  "libatk-bridge-2.0.so.0": "libatk-bridge2.0-0",
  "libatspi.so.0": "libatspi2.0-0",
  "libcups.so.2": "libcups2",
  "libdrm.so.2": "libdrm2",
  "libgbm.so.1": "libgbm1",
  "libasound.so.2": "libasound2",
  "libdbus-1.so.3": "libdbus-1-3",
  "libexpat.so.1": "libexpat1",
  "libfontconfig.so.1": "libfontconfig1",
  "libglib-2.0.so.0": "libglib2.0-0",
  "libgobject-2.0.so.0": "libglib2.0-0",
  "libgio-2.0.so.0": "libglib2.0-0",
  "libpango-1.0.so.0": "libpango-1.0-0",
  "libcairo.so.2": "libcairo2",
  "libX11.so.6": "libx11-6",
  "libxcb.so.1": "libxcb1",
  "libXcomposite.so.1": "libxcomposite1",
  "libXdamage.so.1": "libxdamage1",
  "libXext.so.6": "libxext6",
  "libXfixes.so.3": "libxfixes3",
  "libXrandr.so.2": "libxrandr2",
  "libxkbcommon.so.0": "libxkbcommon0",
  "libudev.so.1": "libudev1",
};

/**
 * The browser that tests use: `CHROMIUM`, else one of the system, else the one from the npm package
 * `@sparticuz/chromium`, unpacked once per version into the user's cache.
 *
 * @throws {ChromiumError} when there is none that can run here, naming the packages to install
 */
export async function chromiumPath(): Promise<string> {
  const given = process.env.CHROMIUM;
  if (given && !existsSync(given)) throw new ChromiumError(`CHROMIUM names ${given}, which does not exist.`);
  const path = given || systemPaths.find(existsSync) || (await packagedChromium());
  checkLibraries(path, missingLibraries(path));
  return path;
}

/** @throws {ChromiumError} naming every missing library and the Debian packages that bring them */
export function checkLibraries(path: string, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const packages = [
    ...new Set(missing.map((name) => debianPackages[name] ?? `(unknown: apt-file search ${name})`)),
  ];
  throw new ChromiumError(
    `The browser for tests, ${path}, cannot run on this machine: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing. ` +
      `On Debian or Ubuntu: apt-get install ${packages.join(" ")}. Or install Chromium, or name one in CHROMIUM.`,
  );
}

/** What `ldd` does not find; nothing on systems without it. */
export function missingLibraries(program: string): string[] {
  try {
    const listing = execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return [...listing.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!);
  } catch {
    return [];
  }
}

const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "jamemr");

/**
 * The package unpacks to a fixed name in the temporary folder, where another user's file or a half-written one of
 * another run could lie. Here it unpacks into a new folder, which gets its final name when complete.
 */
async function packagedChromium(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const manifest = await readFile(join(dirname(entry), "..", "package.json"), "utf8");
  const version = (JSON.parse(manifest) as { version: string }).version;
  const folder = join(cacheFolder(), `chromium-${version}`);
  if (existsSync(join(folder, "chromium"))) return join(folder, "chromium");
  await mkdir(cacheFolder(), { recursive: true });
  const draft = await mkdtemp(join(cacheFolder(), ".unpacking-"));
  const before = process.env.TMPDIR;
  try {
    process.env.TMPDIR = draft;
    const { default: packaged } = await import("@sparticuz/chromium");
    await packaged.executablePath();
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(join(folder, "chromium"))) throw error;
    });
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(draft, { recursive: true, force: true });
  }
  return join(folder, "chromium");
}

export interface ChromiumOptions {
  /** A WAV file that the microphone plays once, as speech for a recording. */
  readonly microphone?: string;
  /** Trust any certificate. `ignoreHTTPSErrors` alone would leave a page without its service worker. */
  readonly anyCertificate?: boolean;
}

/** Switches for tests: no traffic of the browser's own, a microphone without a question, no sandbox for root. */
export function chromiumFlags({ microphone, anyCertificate }: ChromiumOptions = {}): string[] {
  return [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}%noloop`] : []),
    ...(anyCertificate ? ["--ignore-certificate-errors"] : []),
  ];
}
