import * as z from "zod";
import { historyFaults } from "../audit/history-fault.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

export const clientMarkSchema = z.strictObject({ clientId: idSchema, n: z.int().min(0).max(1_000_000_000) });
export type ClientMark = z.infer<typeof clientMarkSchema>;

/** What a browser remembers, apart from its store, of the device that it was: told when the store is found gone. */
export const lostStoreSchema = z.strictObject({
  deviceId: idSchema,
  clients: z.array(clientMarkSchema).max(200),
  /** Changes that the clinic had refused and nobody had decided about: their words stood nowhere else. */
  refused: z.int().min(0).max(1_000_000),
  /** Recordings whose sound was not all at the clinic. */
  recordings: z.int().min(0).max(10_000),
});
export type LostStore = z.infer<typeof lostStoreSchema>;

/** A device whose browser threw away what was kept on it, and what the clinic misses since. */
export const deviceLossSchema = z.object({
  foundAt: instantSchema,
  /** Who signed in when it was found. */
  foundBy: z.string(),
  /** When the device last said how it does: what was written on it later is not counted. */
  heardAt: instantSchema.nullable(),
  /** Whose changes are missing, and how many of each. */
  people: z.array(z.object({ name: z.string(), changes: z.int() })),
  /** Changes of people whom the clinic no longer knows there, because it went back to a backup. */
  ofUnknown: z.int(),
  refused: z.int(),
  recordings: z.int(),
});
export type DeviceLoss = z.infer<typeof deviceLossSchema>;

/** A device that holds times which only it may promise while it is offline. */
export const deviceTimesSchema = z.object({
  id: idSchema,
  name: z.string(),
  times: z.int(),
  /** The oldest of them is held since then. */
  since: instantSchema,
  /** The last of them ends then, unless the device reaches the clinic before. */
  until: instantSchema,
  lastContactAt: instantSchema.nullable(),
  /** The one that asks. */
  isOwn: z.boolean(),
});
export type DeviceTimes = z.infer<typeof deviceTimesSchema>;

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
  /** The browser refused to write for lack of room a short while ago. */
  storageRefused: z.boolean().default(false),
  /** Why it believes nothing of this clinic: the audit log that it is shown is not the one that it saw. */
  historyFault: z.enum(historyFaults).nullable().default(null),
  /** Charts that were put away for lack of room. */
  chartsPutAway: z.int().min(0).max(100_000).default(0),
  /** The number of the newest change of each client on the device: were its storage lost, the clinic would know what is missing. */
  clients: z.array(clientMarkSchema).max(200).default([]),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

const deviceTile = z.object({
  id: idSchema,
  name: z.string(),
  status: z.enum(["enrolled", "revoked"]),
  lastSeenAt: instantSchema.nullable(),
  user: z.string().nullable(),
  /** Another device writes under the same history: one of them is a copy of the other's profile. */
  copied: z.boolean(),
  /** The one that asks. */
  isOwn: z.boolean(),
  /** Null unless it was asked to wipe itself. */
  wipe: z
    .object({
      askedAt: instantSchema,
      askedBy: z.string(),
      /** Null until the device has said so. */
      wipedAt: instantSchema.nullable(),
      /** Changes and recordings that it has not delivered yet. */
      left: z.int().nullable(),
      /** Changes that came since; they wait for review or were reviewed. */
      kept: z.int(),
    })
    .nullable(),
  /** Null unless its browser threw away what was kept on it, until somebody has seen to it or it turned up after all. */
  loss: deviceLossSchema.nullable(),
  /** Null until the device has reported. Clock skew in milliseconds: positive = the device is ahead. */
  report: deviceReportSchema
    .omit({ at: true, clients: true })
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
  /** Why it takes no work: the audit log that it is shown is not the one that it saw. */
  historyFault: z.enum(historyFaults).nullable(),
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
  /** Copies on devices that were not the server's, of the last seven days: rows held and rows there were. */
  mismatches: z.array(
    z.object({ device: z.string(), kind: z.string(), held: z.int(), expected: z.int(), at: instantSchema }),
  ),
  database: z.object({ bytes: z.number(), connections: z.int(), version: z.string() }),
  /** Bytes of the disk that holds the data folder. */
  disk: z.object({ free: z.number(), total: z.number() }),
  /** Days until the certificate for tablets ends; null when it cannot be read. */
  certificateDays: z.number().nullable(),
  /** When the newest backup was written, null before the first; a trial practice needs none. */
  backup: z.object({ writtenAt: instantSchema.nullable(), needed: z.boolean() }),
  audit: z.object({
    head: z.int(),
    verifiedThrough: z.int().nullable(),
    verifiedAt: instantSchema.nullable(),
    whole: z.boolean().nullable(),
  }),
});
export type Dashboard = z.infer<typeof dashboardSchema>;
