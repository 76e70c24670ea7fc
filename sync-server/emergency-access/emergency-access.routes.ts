import { LockMode } from "@mikro-orm/core";
import * as z from "zod";
import {
  emergencyAccess,
  emergencyAccessSchema,
  emergencyReviewSchema,
} from "#domain/emergency-access/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type Route, route } from "#server/http/route.ts";
import { shownRow } from "#server/sync/slice.ts";
import { cardsOpened } from "./cards-opened.ts";
import { EmergencyAccessEntity } from "./emergency-access.entity.ts";
import { waitingEmergencies } from "./waiting.ts";

/** How many of the reviewed ones are shown, newest first. */
const PAST = 100;

export const emergencyAccessRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/emergency-access",
    summary:
      "Reading after the offline time had ended: what waits for review, oldest first; then what was reviewed",
    permission: "emergency:review",
    audit: { none: "says who, when, why and whose card, and nothing that stands in it" },
    response: z.object({ items: z.array(emergencyReviewSchema) }),
    handle: async ({ practice }) => {
      const em = practice.database.em.fork();
      const waiting = await em.find(
        EmergencyAccessEntity,
        { reviewedAt: null },
        { orderBy: { begunAt: "asc" } },
      );
      const past = await em.find(
        EmergencyAccessEntity,
        { reviewedAt: { $ne: null } },
        { orderBy: { reviewedAt: "desc" }, limit: PAST },
      );
      const found = [...waiting, ...past];
      const opened = await cardsOpened(
        em,
        found.map(({ id }) => id),
      );
      return {
        items: found.map((entity) => ({
          ...shownRow(emergencyAccess, entity),
          patients: (opened.get(entity.id) ?? []).map(({ id, at }) => ({ id, at })),
        })),
      };
    },
  }),
  route({
    method: "get",
    path: "/api/emergency-access/waiting",
    summary: "How many wait for this person's review",
    permission: "emergency:review",
    audit: { none: "a number" },
    response: z.object({ waiting: z.int() }),
    handle: async ({ practice, principal }) => ({
      waiting: (await waitingEmergencies(practice, principal)).length,
    }),
  }),
  route({
    method: "post",
    path: "/api/emergency-access/{id}/review",
    summary: "Says that one was looked at, with what was found; once, and never one's own",
    permission: "emergency:review",
    audit: "emergency-access.reviewed",
    about: "emergency-access",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({ note: z.string().trim().max(500) }),
    response: emergencyAccessSchema,
    handle: async ({ practice, principal, params, body, requestId }) => {
      const { result } = await practice.ledger.transact(async ({ em, audit }) => {
        const found = await em.findOne(
          EmergencyAccessEntity,
          { id: params.id },
          { lockMode: LockMode.PESSIMISTIC_WRITE },
        );
        if (!found) throw new DomainError("not_found");
        if (found.userId === principal.actor.id) throw new DomainError("own_review");
        if (found.reviewedAt !== null) throw new DomainError("already_reviewed");
        em.assign(found, {
          reviewedBy: principal.actor.id,
          reviewedAt: instantNow(),
          reviewNote: body.note,
        });
        await em.flush();
        audit({
          actor: principal.audit,
          action: "emergency-access.reviewed",
          outcome: "ok",
          resource: { type: "emergency-access", id: params.id },
          requestId,
        });
        return shownRow(emergencyAccess, found);
      });
      return result;
    },
  }),
];
