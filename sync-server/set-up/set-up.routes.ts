import * as z from "zod";
import { givenPasswordSchema } from "#domain/access/account.ts";
import { idSchema } from "#domain/kernel/id.ts";
import {
  declineWordsSchema,
  enteringSchema,
  namingSchema,
  setUpStateSchema,
  standingSchema,
} from "#domain/set-up/index.ts";
import { type Route, route } from "#server/http/route.ts";
import { enterPractice } from "./enter.ts";
import { decideNaming, nameOfficer } from "./officers.ts";
import { standingOf } from "./standing.ts";
import { setUpState } from "./state.ts";

export const setUpRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/set-up",
    summary: "Whether the practice waits for its first administrator, is in set-up, or open",
    permission: "public",
    audit: { none: "what the door shows to everybody" },
    response: setUpStateSchema,
    handle: async ({ practice }) => ({ state: await setUpState(practice) }),
  }),
  route({
    method: "post",
    path: "/api/set-up",
    summary: "Enter a new practice as its first administrator, with the one-time code that init printed",
    permission: "public",
    audit: "set-up.entered",
    body: enteringSchema,
    limit: 16 * 1024,
    handle: ({ practice, body, requestId }) => enterPractice(practice, body, requestId),
  }),
  route({
    method: "get",
    path: "/api/set-up/standing",
    summary: "Who was named and has accepted, and what is ready for the first patient, as measured now",
    permission: "set-up:read",
    audit: { none: "names of staff, and the state of the machine" },
    response: standingSchema,
    handle: ({ practice }) => standingOf(practice),
  }),
  route({
    method: "post",
    path: "/api/set-up/officers",
    summary: "Name the privacy or the security officer of a practice that is in set-up",
    permission: "set-up:name",
    audit: "set-up.officer_named",
    body: namingSchema,
    limit: 16 * 1024,
    response: z.object({ id: idSchema }),
    handle: async (context) => ({ id: await nameOfficer(context, context.body) }),
  }),
  route({
    method: "post",
    path: "/api/set-up/officers/{id}/accept",
    summary: "Accept to be the officer one was named; the second acceptance opens the practice",
    permission: "set-up:accept",
    audit: "set-up.officer_accepted",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({ password: givenPasswordSchema }),
    limit: 16 * 1024,
    handle: (context) => decideNaming(context, context.params.id, context.body),
  }),
  route({
    method: "post",
    path: "/api/set-up/officers/{id}/decline",
    summary: "Decline to be the officer one was named",
    permission: "set-up:accept",
    audit: "set-up.officer_declined",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({ password: givenPasswordSchema, words: declineWordsSchema }),
    limit: 16 * 1024,
    handle: (context) => decideNaming(context, context.params.id, context.body),
  }),
];
