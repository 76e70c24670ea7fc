import * as z from "zod";
import { emergencyLeft, emergencyUntil } from "#domain/emergency-access/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { type Session, sessionSchema } from "#domain/sync/session.ts";
import { openJson, type Sealed, sealJson } from "../local/keys/aes.ts";
import type { Keyring } from "../local/keys/keyring.ts";
import type { SessionView } from "../local/local.ts";

/**
 * What the clinic last said about a person on this device, kept sealed under the root key: whoever changes the disk
 * cannot lengthen the offline time or change the role without the PIN.
 */
const accountSchema = z.strictObject({
  user: sessionSchema.shape.user,
  practice: sessionSchema.shape.practice,
  epoch: sessionSchema.shape.epoch,
  grant: sessionSchema.shape.grant,
  offlineUntil: sessionSchema.shape.offlineUntil,
  /** Seconds this device's clock was ahead of the clinic's at that moment. */
  skew: z.number(),
  /** The latest time this device has seen, in milliseconds: a clock set back does not give offline time back. */
  highWater: z.number(),
  /** When the clinic was last heard of, by this device's clock, and the emergency accesses since. */
  emergency: z
    .strictObject({ contactAt: z.number(), begun: z.array(z.number()).readonly() })
    .default({ contactAt: 0, begun: [] }),
  /** The clinic said that this person has no access any more: nothing is shown until it says otherwise. */
  ended: z.literal(true).optional(),
});
export type Account = z.infer<typeof accountSchema>;

const context = (userId: string) => `account|${userId}|1`;

export const accountOf = (session: Session, skew: number): Account => {
  const { user, practice, epoch, grant, offlineUntil } = session;
  return {
    user,
    practice,
    epoch,
    grant,
    offlineUntil,
    skew,
    highWater: now(),
    emergency: { contactAt: now(), begun: [] },
  };
};

export const sealAccount = (keyring: Keyring, account: Account): Promise<Sealed> =>
  sealJson(keyring.root, account, context(keyring.userId));

/** @throws {LocalError} damaged */
export const openAccount = async (keyring: Keyring, sealed: Sealed): Promise<Account> =>
  accountSchema.parse(await openJson(keyring.root, sealed, context(keyring.userId)));

/** Now, or the latest time ever seen when the clock was set back. */
export const latestTime = (account: Pick<Account, "highWater">): number => Math.max(now(), account.highWater);

/** What may be shown without the clinic: everything that is here, what an emergency needs (C23), or nothing. */
export type Reading = "all" | "emergency" | "nothing";

export function readingOf(account: Account): Reading {
  if (account.ended) return "nothing";
  if (!isExpired(account)) return "all";
  return emergencyUntil(account.emergency, latestTime(account)) === null ? "nothing" : "emergency";
}

/** The emergency access that runs, and how many are left. */
export function emergencyOf(account: Account | null): Pick<SessionView, "emergencyUntil" | "emergencyLeft"> {
  if (!account || account.ended) return { emergencyUntil: null, emergencyLeft: 0 };
  const at = latestTime(account);
  const until = emergencyUntil(account.emergency, at);
  return {
    emergencyUntil: until === null ? null : new Date(until).toISOString(),
    emergencyLeft: emergencyLeft(account.emergency, at),
  };
}

/** Whether charts may not be shown any more without the clinic. */
export const isExpired = (account: Pick<Account, "highWater" | "offlineUntil" | "skew">): boolean =>
  latestTime(account) > Date.parse(account.offlineUntil) + account.skew * 1000;
