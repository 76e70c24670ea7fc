import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ChromiumError, checkLibraries, chromiumFlags, chromiumPath, missingLibraries } from "./chromium.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let folder: string;
let server: Server;
let browser: Browser;
let page: Page;

/** Two seconds of a 440 Hz tone, 16-bit mono at 48 kHz. */
function tone(): Buffer {
  const rate = 48_000;
  const samples = Buffer.alloc(2 * rate * 2);
  for (let i = 0; i < 2 * rate; i++)
    samples.writeInt16LE(Math.sin((i / rate) * 440 * 2 * Math.PI) * 12_000, i * 2);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

const pages: Readonly<Record<string, [type: string, text: string]>> = {
  "/": ["text/html", "<!doctype html><title>test</title><p>hello"],
  "/worker.js": [
    "text/javascript",
    `self.addEventListener("fetch", (event) => {
       if (event.request.url.endsWith("/made-here")) event.respondWith(new Response("from the worker"));
     });
     self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));`,
  ],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jamemr-chromium-"));
  const microphone = join(folder, "tone.wav");
  await writeFile(microphone, tone());
  server = createServer((request, response) => {
    const found = pages[request.url ?? ""];
    if (found) response.setHeader("content-type", found[0]).end(found[1]);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: chromiumFlags({ microphone }),
  });
  page = await (await browser.newContext()).newPage();
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("the browser for tests", () => {
  it("runs service workers", async () => {
    const answer = await page.evaluate(async () => {
      await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) {
        await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
      }
      return (await fetch("/made-here")).text();
    });
    expect(answer).toBe("from the worker");
  });

  it("hears the file through its microphone and records it as Opus", async () => {
    const heard = await page.evaluate(async () => {
      const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: raw });
      const recorder = new MediaRecorder(stream, { mimeType: "audio/webm;codecs=opus" });
      const chunks: Blob[] = [];
      recorder.ondataavailable = (event) => chunks.push(event.data);
      recorder.start(100);
      const size = () => new Blob(chunks).size;
      const context = new AudioContext();
      const analyser = new AnalyserNode(context, { fftSize: 4096 });
      context.createMediaStreamSource(stream).connect(analyser);
      const levels = new Float32Array(analyser.frequencyBinCount);
      let loudest = 0;
      for (let i = 0; i < 200 && (loudest === 0 || size() <= 500); i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        analyser.getFloatFrequencyData(levels);
        const peak = levels.indexOf(Math.max(...levels));
        if ((levels[peak] ?? -200) > -60) loudest = (peak * context.sampleRate) / analyser.fftSize;
      }
      await new Promise((resolve) => {
        recorder.onstop = resolve;
        recorder.stop();
      });
      return { loudest, bytes: size() };
    });
    expect(heard.loudest).toBeGreaterThan(415);
    expect(heard.loudest).toBeLessThan(465);
    expect(heard.bytes).toBeGreaterThan(500);
  });

  it("is the one that CHROMIUM names", async () => {
    vi.stubEnv("CHROMIUM", "/no/such/browser");
    await expect(chromiumPath()).rejects.toThrow(/CHROMIUM names \/no\/such\/browser/);
    vi.unstubAllEnvs();
  });
});

describe("missing system libraries", () => {
  it("are found by ldd and named with their packages", async () => {
    expect(missingLibraries(process.execPath)).toEqual([]);
    expect(missingLibraries("/no/such/program")).toEqual([]);
    const check = () => checkLibraries("/opt/chromium", ["libnss3.so", "libnssutil3.so", "libgbm.so.1"]);
    expect(check).toThrow(ChromiumError);
    expect(check).toThrow(/apt-get install libnss3 libgbm1\./);
    expect(() => checkLibraries("/opt/chromium", [])).not.toThrow();
  });
});
