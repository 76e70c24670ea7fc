import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** What a tablet says of itself every minute. Numbers only, never a word of what waits. */
export const deviceReportSchema = z.strictObject({
  /** Version of the application on the device. */
  version: z.string().max(40),
  /** The device's clock when it sent this. */
  at: instantSchema,
  outboxDepth: z.int().min(0).max(1_000_000),
  outboxOldestAt: instantSchema.nullable(),
  /** Changes that were refused and wait for a person. */
  attention: z.int().min(0).max(1_000_000),
  recordingsWaiting: z.int().min(0).max(10_000),
  storagePersisted: z.boolean(),
  /** Bytes. */
  storageUsed: z.int().min(0),
  storageQuota: z.int().min(0),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

const deviceTile = z.object({
  id: idSchema,
  name: z.string(),
  status: z.enum(["enrolled", "revoked"]),
  lastSeenAt: instantSchema.nullable(),
  user: z.string().nullable(),
  /** Null until the device has reported. Clock skew in milliseconds: positive = the device is ahead. */
  report: deviceReportSchema
    .omit({ at: true })
    .extend({ clockSkewMs: z.number(), reportedAt: instantSchema })
    .nullable(),
});

const recordingTile = z.object({
  id: idSchema,
  status: z.string(),
  startedAt: instantSchema,
  /** Seconds of sound. */
  seconds: z.number(),
  progress: z.number(),
  failure: z.string().nullable(),
  /** Seconds of sound per second of work; null until it was transcribed. */
  realTimeFactor: z.number().nullable(),
});

const nodeTile = z.object({
  id: idSchema,
  name: z.string(),
  version: z.string(),
  /** The device really used: cpu, webgpu, cuda. */
  device: z.string(),
  models: z.array(z.object({ id: z.string(), sha256: z.string() }).loose()),
  lastHeartbeatAt: instantSchema,
});

/** The state of the practice's machines and queues as practice IT sees it: no clinical content anywhere. */
export const dashboardSchema = z.object({
  at: instantSchema,
  devices: z.array(deviceTile),
  jobs: z.object({ waiting: z.int(), active: z.int(), failed: z.int() }),
  recordings: z.array(recordingTile),
  nodes: z.array(nodeTile),
  /** Changes of the last seven days that were not applied, by reason. */
  refusals: z.array(
    z.object({ status: z.string(), code: z.string(), count: z.int(), latestAt: instantSchema.nullable() }),
  ),
  quarantined: z.int(),
  database: z.object({ bytes: z.number(), connections: z.int(), version: z.string() }),
  /** Bytes of the disk that holds the data folder. */
  disk: z.object({ free: z.number(), total: z.number() }),
  /** Days until the certificate for tablets ends; null when it cannot be read. */
  certificateDays: z.number().nullable(),
  audit: z.object({
    head: z.int(),
    verifiedThrough: z.int().nullable(),
    verifiedAt: instantSchema.nullable(),
    whole: z.boolean().nullable(),
  }),
});
export type Dashboard = z.infer<typeof dashboardSchema>;
