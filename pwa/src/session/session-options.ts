import type { Session } from "#domain/sync/session.ts";
import type { PasskeyWrap } from "../local/keys/keyring.ts";
import type { DeriveFromPin, KdfParameters } from "../local/keys/pin.ts";
import type { SessionView } from "../local/local.ts";
import type { LocalDatabase } from "../local/store/database.ts";
import type { Access } from "./access.ts";
import type { Reading } from "./account.ts";
import type { Authenticator } from "./authenticator.ts";
import type { TabLock } from "./tab-lock.ts";

export interface SessionOptions {
  readonly database: LocalDatabase;
  readonly access: Access;
  readonly tab: TabLock;
  readonly derive: DeriveFromPin;
  /** The browser's own, unless a test plays it. */
  readonly authenticator?: Authenticator;
  readonly deviceName: string;
  /** Seconds this clock is ahead of the clinic's, as last seen. */
  readonly skew: () => number;
  /** Cheaper in tests. */
  readonly kdf?: () => KdfParameters;
}

/** What happens around the keys; the local layer opens and closes its rows here. */
export interface SessionEvents {
  /** Somebody stops working here: the last moment in which words can be saved. Never rejects. */
  readonly onLeave: () => Promise<void>;
  /** Keys are there. */
  readonly onOpen: (reading: Reading) => Promise<void>;
  readonly onClose: () => Promise<void>;
  /** What may be read has changed, or may have. */
  readonly onReading: (reading: Reading) => Promise<void>;
}

/** A first sign-in between the password and the PIN: nothing of it is on the disk yet. */
export interface FirstSignIn {
  readonly session: Session;
  readonly username: string;
  readonly clientId: string;
  readonly pair: CryptoKeyPair;
  /** The passkey that was signed in with opens the new keys, too. */
  readonly wrap?: ((rawRoot: Uint8Array<ArrayBuffer>) => Promise<PasskeyWrap>) | undefined;
}

/** Before the disk was read. */
export const nobody: SessionView = {
  state: "starting",
  deviceId: null,
  user: null,
  practice: null,
  users: [],
  offlineUntil: null,
  unlockedAt: null,
  wrongPins: 0,
  pinWaitUntil: null,
  passkeys: [],
  online: false,
  signInWanted: false,
  accessEnded: false,
  recovery: null,
  emergencyUntil: null,
  emergencyLeft: 0,
  wipe: null,
};
