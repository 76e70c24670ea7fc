import type { Role } from "#domain/access/roles.ts";
import type { Envelope } from "#domain/sync/envelope.ts";
import { mutationHash, type PushedMutation } from "#domain/sync/protocol.ts";

/** The name under which an envelope that does not open waits in quarantine. No collection has it. */
export const UNREADABLE = "outbox.unreadable";

/** Stands in the queue for a signed envelope whose mutation cannot be read, and carries the envelope as it came. */
export function unreadable(envelope: Envelope, role: Role): PushedMutation {
  const rest = {
    n: envelope.n,
    id: envelope.id,
    name: UNREADABLE,
    v: 1,
    args: { id: envelope.id, envelope },
    base: null,
    at: envelope.at,
    tz: "UTC",
    actor: envelope.user,
    role,
  };
  return { ...rest, hash: mutationHash(rest) };
}
