import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";

interface ClientRow {
  user_id: string;
  device_id: string;
  last_n: string;
}

const isOwn = (client: ClientRow, { actor, session }: Principal): boolean =>
  client.user_id === actor.id && client.device_id === session?.deviceId;

/** @throws {DomainError} client_unknown when the client is another person's or device's; one that is new passes */
export async function assertOwnClient(
  em: EntityManager,
  principal: Principal,
  clientId: string,
): Promise<void> {
  const [client]: ClientRow[] = await em.execute(
    "select user_id, device_id, last_n from sync_client where client_id = ?",
    [clientId],
  );
  if (client && !isOwn(client, principal)) throw new DomainError("client_unknown");
}

/**
 * Locks a client for the rest of the transaction, so that two pushes of one client never interleave. A client that is
 * not known yet is made; one that belongs to another person or device is refused.
 * @returns the number of its last settled mutation
 */
export async function lockClient(em: EntityManager, principal: Principal, clientId: string): Promise<number> {
  const { session } = principal;
  if (!session) throw new DomainError("forbidden");
  const select = "select user_id, device_id, last_n from sync_client where client_id = ? for update";
  let [client]: ClientRow[] = await em.execute(select, [clientId]);
  if (!client) {
    await em.execute(
      "insert into sync_client(client_id, user_id, device_id, created_at) values (?, ?, ?, ?) on conflict do nothing",
      [clientId, principal.actor.id, session.deviceId, instantNow()],
    );
    [client] = await em.execute(select, [clientId]);
  }
  if (!client || !isOwn(client, principal)) throw new DomainError("client_unknown");
  return Number(client.last_n);
}
