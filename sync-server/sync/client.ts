import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";

interface ClientRow {
  user_id: string;
  device_id: string;
  last_n: string;
  forked_at?: string | null;
  lost_at?: string | null;
}

const isOwn = (client: ClientRow, { actor, session }: Principal): boolean =>
  client.user_id === actor.id && client.device_id === session?.deviceId;

/** What the server believes that a client holds. */
export interface ClientStream {
  readonly stream: string;
  readonly generation: number;
  readonly state: "joining" | "ready";
}

/**
 * The streams of a client, none of one that is new.
 * @throws {DomainError} client_unknown when the client is another person's or device's
 */
export async function ownStreams(
  em: EntityManager,
  principal: Principal,
  clientId: string,
): Promise<ClientStream[]> {
  const [client]: (ClientRow & { streams: ClientStream[] })[] = await em.execute(
    `select user_id, device_id, last_n,
       (select coalesce(json_agg(json_build_object('stream', stream, 'generation', generation, 'state', state)), '[]')
        from sync_client_stream s where s.client_id = c.client_id and state <> 'leaving') as streams
     from sync_client c where client_id = ?`,
    [clientId],
  );
  if (client && !isOwn(client, principal)) throw new DomainError("client_unknown");
  return client?.streams ?? [];
}

export interface LockedClient {
  /** The number of its last settled mutation. */
  readonly lastN: number;
  /** Two devices were seen to write under it. */
  readonly forked: boolean;
  /** Its device was reported lost. */
  readonly lost: boolean;
}

/**
 * Locks a client for the rest of the transaction, so that two pushes of one client never interleave. A client that is
 * not known yet is made; one that belongs to another person or device is refused.
 */
export async function lockClient(
  em: EntityManager,
  principal: Principal,
  clientId: string,
): Promise<LockedClient> {
  const { session } = principal;
  if (!session) throw new DomainError("forbidden");
  const select =
    "select user_id, device_id, last_n, forked_at, lost_at from sync_client where client_id = ? for update";
  let [client]: ClientRow[] = await em.execute(select, [clientId]);
  if (!client) {
    await em.execute(
      "insert into sync_client(client_id, user_id, device_id, created_at) values (?, ?, ?, ?) on conflict do nothing",
      [clientId, principal.actor.id, session.deviceId, instantNow()],
    );
    [client] = await em.execute(select, [clientId]);
  }
  if (!client || !isOwn(client, principal)) throw new DomainError("client_unknown");
  return { lastN: Number(client.last_n), forked: client.forked_at != null, lost: client.lost_at != null };
}
