import type * as z from "zod";
import { type Role, roles } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type deliverSchema, unreadable } from "#domain/sync/envelope.ts";
import type { PushedMutation, PushResult } from "#domain/sync/protocol.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { keepRefused } from "./lost.ts";
import { push } from "./push.ts";
import { isSignedBy, openEnvelope } from "./sealed-envelope.ts";
import { principalOf, senderOf } from "./sender.ts";

type Delivery = z.infer<typeof deliverSchema>;

/**
 * Takes sealed work from a device whose person is locked out, signed off or gone: the device proves itself with its
 * device key, each envelope with the signature of the person's key on that device. What is inside is judged like any
 * push, by the person's rights now.
 */
export async function deliver(
  practice: Practice,
  deviceId: string,
  { envelopes, givenBack, keysGone }: Delivery,
  requestId: string,
): Promise<PushResult> {
  const clientId = envelopes[0]!.clientId;
  const sender = await senderOf(practice, clientId);
  if (!sender || sender.device_id !== deviceId) throw new DomainError("client_unknown");
  if (!sender.signing_key)
    throw new DomainError("invalid_signature", "no signing key was registered for this client");
  const principal = principalOf(sender);
  const mutations: PushedMutation[] = [];
  for (const envelope of envelopes) {
    const own =
      envelope.clientId === clientId && envelope.device === deviceId && envelope.user === sender.user_id;
    if (!own || !isSignedBy(envelope, sender.signing_key)) break;
    // One that does not open keeps its place in the queue, so that what was written after it arrives.
    mutations.push((await openEnvelope(practice, envelope)) ?? unreadable(envelope, roleOf(principal)));
  }
  // What somebody else may have put in between stops the rest, because nobody vouches for its number.
  if (mutations.length === 0) throw new DomainError("invalid_signature");
  const epoch = await practice.epoch();
  const earlier = envelopes.filter((envelope) => envelope.epoch !== epoch).map(({ n }) => n);
  // Each envelope says, signed, in which epoch it was written.
  const through = Math.max(0, ...earlier);
  const context = {
    practice,
    principal,
    clientId,
    requestId,
    ...((givenBack || through > 0) && {
      givenBack: { from: 1, decided: [], ...givenBack, through },
    }),
  };
  const answer = await push(context, mutations);
  if (sender.wiped) await keepRefused(context, mutations, answer.results);
  else if (keysGone) await keepRefused({ ...context, keysGone }, mutations, answer.results);
  return answer;
}

const roleOf = ({ actor }: Principal): Role => (actor.type === "user" ? actor.role : roles[0]);
