import * as z from "zod";
import { digest } from "#domain/kernel/canonical.ts";
import manifestJson from "./manifest.json" with { type: "json" };

const relativePath = z
  .string()
  .regex(/^[\w][\w.-]*(?:\/[\w][\w.-]*)*$/, "must be a plain relative path")
  .refine((path) => !path.split("/").includes(".."), "must stay inside its folder");

const fileSchema = z.strictObject({
  /** Where it lies in the model's own folder. */
  path: relativePath,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Path inside the npm package. Absent for files that are built during set-up. */
  from: relativePath.optional(),
});

const modelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  task: z.enum(["speech-recognition", "voice-activity"]),
  version: z.string(),
  licence: z.string(),
  /** npm package, with its version, that carries the weights. */
  source: z.strictObject({ package: z.string(), version: z.string() }),
  /** Which text files are built beside the weights. */
  builds: z.enum(["moonshine-base", "moonshine-tiny"]).optional(),
  files: z.array(fileSchema).min(1),
});

export type ModelEntry = z.infer<typeof modelSchema>;
export type ModelFile = z.infer<typeof fileSchema>;

/** The committed list of models: what each is, whose it is, and the hash of every file. */
export const manifest: readonly ModelEntry[] = z
  .strictObject({ models: z.array(modelSchema) })
  .parse(manifestJson).models;

/** One hash for a whole model: SHA-256 over its files' paths and hashes. Stands in every result that it made. */
export const modelDigest = (model: ModelEntry): string =>
  digest(model.files.map(({ path, sha256 }) => ({ path, sha256 })));

/** @throws {RangeError} when no such model is in the manifest */
export function modelById(id: string): ModelEntry {
  const found = manifest.find((model) => model.id === id);
  if (!found) throw new RangeError(`no model ${id} in the manifest`);
  return found;
}
