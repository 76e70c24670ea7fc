import * as z from "zod";
import { deviceSchema } from "#domain/ai/job.ts";

/** How an AI node is set up. Everything comes from the environment; docs/reference is generated from this. */
export const configSchema = z.object({
  JAMEMR_URL: z
    .url({ protocol: /^https?$/ })
    .default("http://127.0.0.1:8080")
    .describe("Address of the practice's sync server. Plain HTTP is accepted for this machine only."),
  JAMEMR_TOKEN_FILE: z
    .string()
    .default("data/ai-node/token")
    .describe("File with the token that the practice registered for this node (scope ai:work)."),
  JAMEMR_MODELS: z.string().default("data/models").describe("Folder with the models, filled during set-up."),
  JAMEMR_CA_FILE: z
    .string()
    .optional()
    .describe("PEM file of the practice's certificate authority, for HTTPS."),
  JAMEMR_DEVICE: deviceSchema
    .default("cpu")
    .describe("Where models run. webgpu and cuda fall back to cpu with a warning when they cannot run."),
  JAMEMR_SPEECH_MODEL: z
    .enum(["moonshine-base-q8", "moonshine-tiny-q8"])
    .default("moonshine-base-q8")
    .describe("Speech model. tiny needs a third of the memory and understands less."),
  JAMEMR_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe("Threads for speech. Two on two cores are the measured optimum."),
  JAMEMR_NODE_NAME: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Name in the dashboard; default: host name."),
});

export interface NodeConfig {
  readonly url: URL;
  readonly tokenFile: string;
  readonly modelsDir: string;
  readonly caFile: string | undefined;
  readonly device: z.infer<typeof deviceSchema>;
  readonly modelId: string;
  readonly workers: number;
  readonly name: string | undefined;
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);

/**
 * @throws {z.ZodError} when a value cannot be read
 * @throws {RangeError} when the token would travel in clear over a network
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): NodeConfig {
  const values = configSchema.parse(env);
  const url = new URL(values.JAMEMR_URL);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new RangeError("JAMEMR_URL: plain HTTP is accepted for this machine only; use https");
  }
  return {
    url,
    tokenFile: values.JAMEMR_TOKEN_FILE,
    modelsDir: values.JAMEMR_MODELS,
    caFile: values.JAMEMR_CA_FILE,
    device: values.JAMEMR_DEVICE,
    modelId: values.JAMEMR_SPEECH_MODEL,
    workers: values.JAMEMR_WORKERS,
    name: values.JAMEMR_NODE_NAME,
  };
}
