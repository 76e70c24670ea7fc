import { fewRecoveryCodes } from "#domain/sync/session.ts";
import type { SessionView } from "#pwa/local/local.ts";
import { createValue } from "#pwa/local/value.ts";

type Noticed = Pick<SessionView, "recovery" | "user">;

/** What is to be said at a sign-in about recovery codes. */
export type RecoveryNotice = "used-here" | "used" | "none" | "few";

export function noticeOf({ recovery }: Pick<SessionView, "recovery">): RecoveryNotice | null {
  if (!recovery) return null;
  if (recovery.used > 0) return recovery.here && recovery.used === 1 ? "used-here" : "used";
  if (recovery.left === null || recovery.left > fewRecoveryCodes) return null;
  return recovery.left === 0 ? "none" : "few";
}

const keyOf = ({ recovery, user }: Noticed): string => JSON.stringify([user?.id, recovery]);

/** Put aside on this page until something about it changes. */
export const dismissed = createValue<string | null>(null);
export const dismissNotice = (session: Noticed): void => dismissed.set(keyOf(session));
export const isDismissed = (session: Noticed, key: string | null): boolean => key === keyOf(session);
