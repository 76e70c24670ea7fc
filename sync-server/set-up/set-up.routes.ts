import { enteringSchema, setUpStateSchema } from "#domain/set-up/index.ts";
import { type Route, route } from "#server/http/route.ts";
import { enterPractice } from "./enter.ts";
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
];
