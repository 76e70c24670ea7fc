import * as z from "zod";
import { captureEntrySchema } from "#domain/capture/capture-entry.ts";
import { type Route, route } from "#server/http/route.ts";
import { CaptureEntity } from "./capture.entity.ts";

/** How many of those that are decided are shown, newest first. */
const PAST = 100;

const entryOf = ({ id, authorId, writtenAt, status, decidedBy, decidedAt, sound }: CaptureEntity) => ({
  id,
  authorId,
  writtenAt,
  status,
  decidedBy: decidedBy ?? null,
  decidedAt: decidedAt ?? null,
  recorded: sound != null,
});

export const captureRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/captures",
    summary:
      "What was written or said without reading: what is unassigned, oldest first; then what was decided",
    permission: "capture:list",
    audit: { none: "says whose and when, none of its words and no patient" },
    response: z.object({ items: z.array(captureEntrySchema) }),
    handle: async ({ practice }) => {
      const em = practice.database.em.fork();
      const waiting = await em.find(CaptureEntity, { status: "waiting" }, { orderBy: { writtenAt: "asc" } });
      const past = await em.find(
        CaptureEntity,
        { status: { $ne: "waiting" } },
        { orderBy: { decidedAt: "desc" }, limit: PAST },
      );
      return { items: [...waiting, ...past].map(entryOf) };
    },
  }),
];
