import * as z from "zod";
import { givenPasswordSchema } from "#domain/access/account.ts";
import {
  creationOptionsSchema,
  newCredentialSchema,
  passkeyNameSchema,
  passkeySchema,
  passkeySessionSchema,
  passkeySignInSchema,
  requestOptionsSchema,
} from "#domain/access/passkey.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type Route, route } from "#server/http/route.ts";
import { listPasskeys, registerPasskey, registrationOptions, removePasskey } from "./passkey.ts";
import { newChallenge } from "./passkey-challenge.ts";
import { signInByPasskey } from "./passkey-sign-in.ts";
import { relyingPartyOf } from "./relying-party.ts";
import { issued } from "./session-cookie.ts";

export const passkeyRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/session/passkey/options",
    summary: "Ask for a challenge to sign in with a passkey",
    permission: "public",
    audit: { none: "a challenge lets nobody in; the answer to it is recorded" },
    body: z.strictObject({}),
    response: requestOptionsSchema,
    limit: 1024,
    handle: async ({ practice, request }) => {
      const { id: rpId } = relyingPartyOf(request, practice.config);
      return { challenge: await newChallenge(practice, { kind: "sign-in", rpId, sessionId: null }), rpId };
    },
  }),
  route({
    method: "post",
    path: "/api/session/passkey",
    summary: "Sign in with a passkey on a device",
    permission: "public",
    audit: "session.started",
    body: passkeySignInSchema,
    response: passkeySessionSchema,
    limit: 32 * 1024,
    handle: async ({ practice, request, body }) => {
      const party = relyingPartyOf(request, practice.config);
      const { issued: session, username } = await signInByPasskey(practice, party, body);
      return issued(session, { username });
    },
  }),
  route({
    method: "get",
    path: "/api/passkeys",
    summary: "One's own passkeys, or those of a person whose access one looks after",
    permission: "passkey:read",
    audit: { none: "names of keys hold no clinical content" },
    query: z.strictObject({ user: idSchema.optional() }),
    response: z.object({ passkeys: z.array(passkeySchema) }),
    handle: async ({ practice, principal, query }) => ({
      passkeys: await listPasskeys(practice, principal, query.user),
    }),
  }),
  route({
    method: "post",
    path: "/api/passkeys/options",
    summary: "Ask for a challenge to register a passkey; after 15 minutes the password is needed again",
    permission: "passkey:register",
    audit: { none: "nothing is registered until the authenticator answered" },
    body: z.strictObject({ password: givenPasswordSchema.optional() }),
    response: creationOptionsSchema,
    limit: 4096,
    handle: ({ practice, principal, request, body }) =>
      registrationOptions(practice, principal, relyingPartyOf(request, practice.config), body.password),
  }),
  route({
    method: "post",
    path: "/api/passkeys",
    summary: "Register a passkey of one's own",
    permission: "passkey:register",
    audit: "passkey.registered",
    body: z.strictObject({ name: passkeyNameSchema, prf: z.boolean(), credential: newCredentialSchema }),
    response: z.object({ passkey: passkeySchema }),
    limit: 64 * 1024,
    handle: async ({ practice, principal, request, body, requestId }) => {
      const party = relyingPartyOf(request, practice.config);
      return { passkey: await registerPasskey(practice, principal, party, body, requestId) };
    },
  }),
  route({
    method: "post",
    path: "/api/passkeys/{id}/remove",
    summary: "Remove a passkey: nobody signs in with it again",
    permission: "passkey:remove",
    audit: "passkey.removed",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: ({ practice, principal, params, requestId }) =>
      removePasskey(practice, principal, params.id, requestId),
  }),
];
