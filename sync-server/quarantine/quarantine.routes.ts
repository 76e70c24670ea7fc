import * as z from "zod";
import { idSchema } from "#domain/kernel/id.ts";
import { openedItemSchema, reviewItemSchema } from "#domain/sync/review-items.ts";
import { type Route, route } from "#server/http/route.ts";
import { decide } from "./decide.ts";
import { countWaiting, listQuarantine, openQuarantine } from "./review.ts";

const params = z.strictObject({ id: idSchema });

export const quarantineRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/quarantine",
    summary: "Work that waits for review, in the order to decide in; then what was decided, newest first",
    permission: "quarantine:read",
    audit: { none: "says whose, for whom, when and of which kind, none of its words" },
    response: z.object({ items: z.array(reviewItemSchema) }),
    handle: async ({ practice, principal }) => ({ items: await listQuarantine(practice, principal) }),
  }),
  route({
    method: "get",
    path: "/api/quarantine/waiting",
    summary: "How much work waits for this person's review",
    permission: "quarantine:read",
    audit: { none: "a number" },
    response: z.object({ waiting: z.int() }),
    handle: async ({ practice, principal }) => ({ waiting: await countWaiting(practice, principal) }),
  }),
  route({
    method: "get",
    path: "/api/quarantine/{id}",
    summary: "Open one: its words, and what the record says now",
    permission: "quarantine:decide",
    audit: "quarantine.opened",
    about: "quarantine",
    params,
    response: openedItemSchema,
    handle: (context) => openQuarantine(context, context.params.id),
  }),
  route({
    method: "post",
    path: "/api/quarantine/{id}/decision",
    summary: "Take over what was written, under its author's name; or discard it, with a reason",
    permission: "quarantine:decide",
    audit: "quarantine.adopted",
    about: "quarantine",
    params,
    body: z.discriminatedUnion("decision", [
      z.strictObject({ decision: z.literal("adopt") }),
      z.strictObject({ decision: z.literal("discard"), reason: z.string().trim().min(3).max(500) }),
    ]),
    response: reviewItemSchema,
    handle: (context) => decide(context, context.params.id, context.body),
  }),
];
