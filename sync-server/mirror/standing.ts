import * as z from "zod";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { EntityManager } from "#server/database/database.ts";

const listed = z.array(z.object({ id: idSchema, at: z.iso.datetime() }));

/**
 * What may never come back to life with an older backup, and where the practice stood: written beside the database after
 * each change, newest only. Ids, times and hashes, nothing clinical, no names. It lies with the practice's
 * keys, and is as secret.
 */
export const standingSchema = z.object({
  version: z.literal(1),
  practiceId: idSchema,
  at: z.iso.datetime(),
  epoch: idSchema,
  /** Number and hash of the newest audit record. */
  head: z.int(),
  headHash: z.string(),
  /** The newest record number that was given to a patient. */
  recordNumber: z.int(),
  /** People who may not sign in. */
  disabled: listed,
  /** By person: the roles they hold. */
  roles: z.record(idSchema, z.array(z.string())),
  /** By person: the hash of the password that works, and whether it was given to them for their first sign-in. */
  passwords: z
    .record(idSchema, z.object({ hash: z.string(), oneTime: z.boolean(), short: z.boolean().default(false) }))
    .default({}),
  revokedTokens: listed,
  devices: z.array(
    z.object({
      id: idSchema,
      name: z.string(),
      /** With which it proves who it is, also to hear that it is revoked. */
      key: z.unknown(),
      wipeAskedAt: z.iso.datetime().nullable(),
      wipedAt: z.iso.datetime().nullable(),
    }),
  ),
  /** Credentials that still work; others were removed. */
  passkeys: z.array(z.string()),
  /** Authenticator apps that count, sealed as in the database; null where an older release wrote this. */
  factors: z
    .array(
      z.object({
        id: idSchema,
        userId: idSchema,
        secret: z.string(),
        confirmedAt: z.iso.datetime(),
        lastStep: z.int(),
      }),
    )
    .nullable()
    .default(null),
  /** Hashes of the recovery codes that nobody has used. */
  recoveryCodes: z.array(z.object({ id: idSchema, userId: idSchema, hash: z.string() })).default([]),
  /** What the practice did by itself since its last backup, which no tablet can give back: verbs and ids. */
  own: z.array(
    z.object({ seq: z.int(), at: z.string(), action: z.string(), resource: z.string().nullable() }),
  ),
  /** The record after which `own` begins, and whether it is all of it since. */
  ownSince: z.int(),
  ownWhole: z.boolean(),
});
export type Standing = z.infer<typeof standingSchema>;

/** Most records of the practice's own work that are listed. */
const MOST_OWN = 2000;

/**
 * Records of changes that no tablet holds: without a device's number, and not of reading, signing in or synchronising,
 * which a restore need not bring back.
 */
const ownSql = `
  select seq, body::jsonb->>'recordedAt' as at, body::jsonb->>'action' as action,
    (body::jsonb->'resource'->>'type') || ' ' || (body::jsonb->'resource'->>'id') as resource
  from audit_log where seq > ? and not jsonb_exists(body::jsonb, 'deviceSeq') and body::jsonb->>'outcome' = 'ok'
    and split_part(body::jsonb->>'action', '.', 1) not in ('session', 'sync', 'audit', 'slot-lease', 'chart', 'job', 'mutation',
      'client', 'practice', 'migration', 'backup')
    and body::jsonb->>'action' not in ('device.reported', 'quarantine.opened', 'recording.listened', 'recording.part_stored')
  order by seq limit ?`;

interface StandingRow {
  readonly practice: string;
  readonly epoch: string;
  readonly head: string | null;
  readonly hash: string | null;
  readonly number: string | null;
  readonly since: string | null;
  readonly disabled: Standing["disabled"];
  readonly roles: Standing["roles"];
  readonly passwords: Standing["passwords"];
  readonly tokens: Standing["revokedTokens"];
  readonly devices: Standing["devices"];
  readonly passkeys: string[];
  readonly factors: NonNullable<Standing["factors"]>;
  readonly recoveryCodes: Standing["recoveryCodes"];
}

const instantOf = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const standingSql = `
  select (select id from practice) as practice,
    (select epoch from sync_epoch order by started_at desc limit 1) as epoch,
    (select max(seq) from audit_log) as head,
    (select encode(hash, 'hex') from audit_log order by seq desc limit 1) as hash,
    (select last_value from pg_sequences where sequencename = 'patient_record_number') as number,
    (select max(case body::jsonb->>'action' when 'backup.written' then (body::jsonb->>'after')::bigint else seq end)
     from audit_log where body::jsonb->>'action' in ('backup.written', 'restore.executed')) as since,
    (select coalesce(json_agg(json_build_object('id', id, 'at', ${instantOf("disabled_at")})), '[]')
     from app_user where disabled_at is not null) as disabled,
    (select coalesce(json_object_agg(id, roles), '{}') from staff) as roles,
    (select coalesce(json_object_agg(id, json_build_object('hash', password_hash, 'oneTime', must_change,
       'short', password_short)), '{}')
     from app_user) as passwords,
    (select coalesce(json_agg(json_build_object('id', id, 'at', ${instantOf("revoked_at")})), '[]')
     from token where revoked_at is not null) as tokens,
    (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'key', key, 'wipeAskedAt', ${instantOf("wipe_asked_at")},
       'wipedAt', ${instantOf("wiped_at")})), '[]') from device where status = 'revoked') as devices,
    (select coalesce(json_agg(credential_id), '[]') from passkey) as passkeys,
    (select coalesce(json_agg(json_build_object('id', id, 'userId', user_id, 'secret', encode(secret, 'base64'),
       'confirmedAt', ${instantOf("confirmed_at")}, 'lastStep', last_step)), '[]')
     from totp_factor where confirmed_at is not null) as factors,
    (select coalesce(json_agg(json_build_object('id', id, 'userId', user_id, 'hash', encode(hash, 'hex'))), '[]')
     from recovery_code where used_at is null and replaced_at is null) as "recoveryCodes"`;

/** The practice's standing now, with what it did by itself after record `since` (or its last backup). */
export async function standingOf(em: EntityManager, since?: number): Promise<Standing> {
  const [row]: StandingRow[] = await em.execute(standingSql);
  const { practice, epoch, head, hash, number, disabled, roles, passwords, tokens, devices } = row!;
  const ownSince = since ?? Number(row!.since ?? 0);
  const own: { seq: string; at: string; action: string; resource: string | null }[] = await em.execute(
    ownSql,
    [ownSince, MOST_OWN + 1],
  );
  return {
    version: 1,
    practiceId: practice,
    at: instantNow(),
    epoch,
    head: Number(head ?? 0),
    headHash: hash ?? "",
    recordNumber: Number(number ?? 0),
    disabled,
    roles,
    passwords,
    revokedTokens: tokens,
    devices,
    passkeys: row!.passkeys,
    factors: row!.factors,
    recoveryCodes: row!.recoveryCodes,
    own: own.slice(0, MOST_OWN).map(({ seq, ...record }) => ({ seq: Number(seq), ...record })),
    ownSince,
    ownWhole: own.length <= MOST_OWN,
  };
}
