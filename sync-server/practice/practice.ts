import type { Logger } from "pino";
import type { Restored } from "#domain/sync/protocol.ts";
import type { Checkpoints } from "#server/audit/checkpoints.ts";
import type { Config } from "#server/config.ts";
import type { Database } from "#server/database/database.ts";
import type { Ledger } from "#server/database/ledger.ts";
import type { Authenticator } from "#server/identity/principal.ts";
import type { Throttle } from "#server/identity/throttle.ts";
import type { TokenSigner } from "#server/identity/token.ts";
import type { JobQueue } from "#server/jobs/job-queue.ts";
import type { KeyStore } from "#server/keys/key-store.ts";
import type { RecordingStore } from "#server/recordings/recording-store.ts";
import type { LiveEvents } from "#server/sync/live-events.ts";

export interface PracticeInfo {
  readonly id: string;
  readonly name: string;
  /** IANA time zone. */
  readonly zone: string;
  readonly trial: boolean;
}

/** Everything the routes and handlers of one running practice work with. */
export interface Practice {
  readonly config: Config;
  readonly info: PracticeInfo;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly keys: KeyStore;
  /** The signed heads of the audit log. */
  readonly checkpoints: Checkpoints;
  readonly tokens: TokenSigner;
  readonly authenticator: Authenticator;
  readonly throttle: Throttle;
  readonly jobs: JobQueue;
  readonly recordings: RecordingStore;
  readonly live: LiveEvents;
  readonly log: Logger;
  /** The present epoch; a restore begins a new one. */
  epoch(): Promise<string>;
  /** From which backup the present epoch began, if from one. */
  restored(): Promise<Restored | null>;
  /** The same while tablets give back what it did not hold: for seven days. */
  recovering(): Promise<Restored | null>;
}
