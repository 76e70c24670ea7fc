import { emergencyEnd, emergencyLeft } from "#domain/emergency-access/index.ts";
import type { DeviceIdentity } from "../local/keys/device-identity.ts";
import type { Keyring } from "../local/keys/keyring.ts";
import { LocalError } from "../local/local-error.ts";
import { type Account, latestTime } from "./account.ts";
import { saveAccount, tryPin } from "./people.ts";
import type { SessionOptions } from "./session-options.ts";

export interface EmergencyRequest {
  readonly pin: string;
  readonly reason: string;
}

/** Writes the report of an emergency access durably: without it there is none. */
export type ReportEmergency = (args: { readonly reason: string; readonly until: string }) => Promise<unknown>;

/**
 * Begins an emergency access (C23): after the PIN, and after the report to the clinic lies in the queue.
 *
 * @throws {LocalError} wrong_pin, pin_wait, no_emergency, not_saved
 */
export async function beginEmergency(
  { database, derive }: Pick<SessionOptions, "database" | "derive">,
  device: DeviceIdentity,
  { keyring, account }: { readonly keyring: Keyring; readonly account: Account },
  { pin, reason }: EmergencyRequest,
  report: ReportEmergency,
): Promise<Account> {
  await tryPin(database, device, keyring.userId, pin, derive);
  const at = latestTime(account);
  if (account.ended || emergencyLeft(account.emergency, at) === 0) throw new LocalError("no_emergency");
  await report({ reason, until: new Date(emergencyEnd(account.emergency.contactAt, at)).toISOString() });
  const { contactAt, begun } = account.emergency;
  const next: Account = { ...account, highWater: at, emergency: { contactAt, begun: [...begun, at] } };
  await saveAccount(database, keyring, next);
  return next;
}
