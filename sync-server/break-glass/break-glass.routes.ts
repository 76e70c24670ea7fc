import { LockMode } from "@mikro-orm/core";
import * as z from "zod";
import {
  type BreakGlassReview,
  breakGlass,
  breakGlassOutcomes,
  breakGlassRequestSchema,
  breakGlassReviewSchema,
  breakGlassSchema,
  isGlassBroken,
} from "#domain/break-glass/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { EntityManager } from "#server/database/database.ts";
import { type Route, route } from "#server/http/route.ts";
import { confirmPassword } from "#server/identity/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { shownRow } from "#server/sync/slice.ts";
import { begunBefore, breakTheGlass } from "./begin.ts";
import { BreakGlassEntity } from "./break-glass.entity.ts";
import { doneUnder } from "./under.ts";
import { dueOf, waitingGlasses, workingDays } from "./waiting.ts";

/** How many of the reviewed ones are shown, newest first. */
const PAST = 100;

const paramsSchema = z.strictObject({ id: idSchema });
const reviewSchema = z
  .strictObject({ outcome: z.enum(breakGlassOutcomes), note: z.string().trim().max(500) })
  .refine(({ outcome, note }) => outcome === "justified" || note.length >= 3, {
    path: ["note"],
    message: "has to say what was found",
  });

export const breakGlassRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/patients/{id}/break-glass",
    summary: "Opens a restricted chart to somebody outside its care team for an hour, after their password",
    permission: "break-glass:begin",
    audit: "break-glass.begun",
    about: "patient",
    params: paramsSchema,
    body: breakGlassRequestSchema.extend({ password: z.string().max(1000) }),
    response: breakGlassSchema,
    handle: async ({ practice, principal, params, body, requestId }) => {
      const { password, ...said } = body;
      await confirmPassword(practice, principal, password);
      const request = { ...said, patientId: params.id };
      const begun = await begunBefore(practice.database.em.fork(), principal, request);
      if (begun) return begun;
      const { result } = await practice.ledger.transact((tx) =>
        breakTheGlass(tx, principal, request, requestId),
      );
      return result;
    },
  }),
  route({
    method: "get",
    path: "/api/break-glass",
    summary:
      "Restricted charts that were opened from outside the care team: what waits for review, oldest first; then what was reviewed",
    permission: "break-glass:review",
    audit: {
      none: "says who, whose chart, when, why and what kind of thing was done, and nothing that stands in it",
    },
    response: z.object({ items: z.array(breakGlassReviewSchema) }),
    handle: async ({ practice }) => {
      const em = practice.database.em.fork();
      const waiting = await em.find(BreakGlassEntity, { reviewedAt: null }, { orderBy: { begunAt: "asc" } });
      const past = await em.find(
        BreakGlassEntity,
        { reviewedAt: { $ne: null } },
        { orderBy: { reviewedAt: "desc" }, limit: PAST },
      );
      return { items: await reviewsOf(practice, em, [...waiting, ...past]) };
    },
  }),
  route({
    method: "get",
    path: "/api/break-glass/waiting",
    summary: "How many wait for this person's review, and how many of them too long",
    permission: "break-glass:review",
    audit: { none: "two numbers" },
    response: z.object({ waiting: z.int(), overdue: z.int() }),
    handle: async ({ practice, principal }) => {
      const waiting = await waitingGlasses(practice, principal);
      return { waiting: waiting.length, overdue: waiting.filter(({ overdue }) => overdue).length };
    },
  }),
  route({
    method: "post",
    path: "/api/break-glass/{id}/review",
    summary: "Says what was found about one that is over; once, and never about one's own",
    permission: "break-glass:review",
    audit: "break-glass.reviewed",
    about: "break-glass",
    params: paramsSchema,
    body: reviewSchema,
    response: breakGlassReviewSchema,
    handle: async ({ practice, principal, params, body, requestId }) => {
      const { result } = await practice.ledger.transact(async ({ em, audit }) => {
        const found = await em.findOne(
          BreakGlassEntity,
          { id: params.id },
          { lockMode: LockMode.PESSIMISTIC_WRITE },
        );
        if (!found) throw new DomainError("not_found");
        if (found.userId === principal.actor.id) throw new DomainError("own_review");
        if (found.reviewedAt !== null) throw new DomainError("already_reviewed");
        const glass = shownRow(breakGlass, found);
        if (isGlassBroken(glass, { ...glass, id: found.userId }, now()))
          throw new DomainError("glass_is_broken");
        em.assign(found, {
          reviewedBy: principal.actor.id,
          reviewedAt: instantNow(),
          outcome: body.outcome,
          reviewNote: body.note,
        });
        await em.flush();
        audit({
          actor: principal.audit,
          action: "break-glass.reviewed",
          outcome: "ok",
          reason: body.outcome,
          resource: { type: "break-glass", id: params.id },
          patientId: found.patientId,
          colleagueId: found.userId,
          breakGlassId: params.id,
          requestId,
        });
        return found;
      });
      const [review] = await reviewsOf(practice, practice.database.em.fork(), [result]);
      return review;
    },
  }),
];

async function reviewsOf(
  practice: Practice,
  em: EntityManager,
  found: readonly BreakGlassEntity[],
): Promise<BreakGlassReview[]> {
  const ids = found.map(({ id }) => id);
  const [days, under] = await Promise.all([workingDays(em), doneUnder(em.fork(), ids)]);
  return found.map((one) => ({
    ...shownRow(breakGlass, one),
    ...dueOf(one, practice.info.zone, days),
    reviewedBy: one.reviewedBy ?? null,
    reviewedAt: one.reviewedAt ?? null,
    outcome: one.outcome ?? null,
    reviewNote: one.reviewNote,
    under: (under.get(one.id) ?? []).map(({ at, action, count }) => ({ at, action, count })),
  }));
}
