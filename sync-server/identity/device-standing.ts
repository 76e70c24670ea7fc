import { DomainError } from "#domain/errors/catalog.ts";

/** Columns of `device` that say whether anybody may work on it. */
export interface DeviceStanding {
  readonly status: string;
  readonly wipe_asked_at: string | Date | null;
}

/** @throws {DomainError} device_wiped, which tells the tablet to destroy what can be read on it; device_revoked */
export function assertInUse(device: DeviceStanding | undefined): void {
  if (device?.wipe_asked_at) throw new DomainError("device_wiped");
  if (device?.status === "revoked") throw new DomainError("device_revoked");
}
