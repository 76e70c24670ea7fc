import * as z from "zod";

const port = (fallback: number, what: string) =>
  z.coerce.number().int().min(0).max(65_535).default(fallback).describe(what);

/** Every option of the sync server, read from the environment. docs/reference/config.md is generated from it. */
export const configSchema = z.object({
  JAMEMR_DATA: z
    .string()
    .min(1)
    .default("data")
    .describe("The data folder: keys, certificates, recordings, logs."),
  JAMEMR_PORT: port(8443, "HTTPS port for tablets and browsers in the practice. 0 takes any free port."),
  JAMEMR_HTTP_PORT: port(
    8080,
    "Plain HTTP on 127.0.0.1 only, for the machine itself. 0 takes any free port.",
  ),
  JAMEMR_HOSTNAME: z
    .string()
    .max(253)
    .optional()
    .describe("The name under which tablets reach the practice; default <host>.local."),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .describe("Login of the database's owner: migrations only."),
  JAMEMR_DATABASE_APP_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .describe("Login of jamemr_app: everything else."),
  JAMEMR_EMPTY: z.enum(["0", "1"]).default("0").describe("1 creates a new trial practice without patients."),
  JAMEMR_TRIAL: z
    .enum(["full", "small"])
    .default("full")
    .describe(
      "What a new trial practice holds: full = 200 patients with charts and two weeks of appointments, small = 20 patients and today's.",
    ),
  JAMEMR_TRIAL_SEED: z.coerce
    .number()
    .int()
    .default(1)
    .describe("Seed of the trial practice's people and charts."),
  JAMEMR_STORE: z
    .string()
    .optional()
    .describe("Folder for keys and recordings when several servers share them."),
  JAMEMR_MIRROR: z
    .string()
    .optional()
    .describe(
      "Folder, best on a second disk, that always holds the newest keys and revocations, so that a restored backup brings back nothing revoked; default mirror/ in the data folder.",
    ),
  JAMEMR_DEVICE_ROWS: z.coerce
    .number()
    .int()
    .min(0)
    .default(20_000)
    .describe(
      "Records that a tablet keeps beside the patient finder and the safety cards. Charts that do not fit stay at the clinic until somebody opens them.",
    ),
  JAMEMR_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug"])
    .default("info")
    .describe("What is logged."),
  JAMEMR_ARGON2_MEMORY_KIB: z.coerce
    .number()
    .int()
    .min(8)
    .default(19_456)
    .describe("Argon2id memory for passwords, in KiB."),
  JAMEMR_OFFLINE_HOURS_CLINICAL: z.coerce
    .number()
    .min(1)
    .max(72)
    .default(24)
    .describe("Hours a clinical tablet shows charts without the server."),
  JAMEMR_OFFLINE_HOURS_DESK: z.coerce
    .number()
    .min(1)
    .max(72)
    .default(12)
    .describe("Hours the front desk shows its data without the server."),
});
export type Config = z.infer<typeof configSchema>;

/** @throws {z.ZodError} naming each option that is missing or wrong */
export const readConfig = (environment: Record<string, string | undefined>): Config =>
  configSchema.parse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")));
