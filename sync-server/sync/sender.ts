import type { Role } from "#domain/access/roles.ts";
import { roles } from "#domain/access/roles.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";

/** Whose client it is and on which device, as the database says now. */
export interface Sender {
  readonly user_id: string;
  readonly device_id: string;
  readonly signing_key: PublicKey | null;
  readonly name: string;
  readonly roles: Role[];
  readonly disabled_at: string | null;
  readonly active: boolean;
  readonly device_status: string;
  readonly wiped: boolean;
}

export async function senderOf(practice: Practice, clientId: string): Promise<Sender | undefined> {
  const [sender]: Sender[] = await practice.database.em.fork().execute(
    `select c.user_id, c.device_id, c.signing_key, f.name, f.roles, f.active, u.disabled_at, d.status as device_status, d.wiped_at is not null as wiped
     from sync_client c join app_user u on u.id = c.user_id join staff f on f.id = u.id
       join device d on d.id = c.device_id where c.client_id = ?`,
    [clientId],
  );
  return sender;
}

/**
 * Somebody who was disabled, or whose device was reported lost, holds no role here any more: what was written before goes
 * to quarantine.
 */
export const principalOf = (sender: Sender): Principal => ({
  actor: {
    type: "user",
    id: sender.user_id,
    role: sender.roles[0] ?? roles[0],
    deviceId: sender.device_id,
  },
  audit: { type: "device", id: sender.device_id, deviceId: sender.device_id },
  name: sender.name,
  roles: sender.disabled_at || !sender.active || sender.device_status === "revoked" ? [] : sender.roles,
  session: { id: sender.device_id, deviceId: sender.device_id, expiresAt: "" },
});
