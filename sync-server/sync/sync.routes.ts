import { can } from "#domain/access/can.ts";
import { patientOfStream, streams } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { after, every } from "#domain/kernel/clock.ts";
import { deliverSchema } from "#domain/sync/envelope.ts";
import {
  type LiveEvent,
  liveEventSchema,
  MAX_PUSH_BYTES,
  pullResultSchema,
  pullSchema,
  pushResultSchema,
  pushSchema,
} from "#domain/sync/protocol.ts";
import { type Route, type RouteContext, route } from "#server/http/route.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { followReview, REVIEW_NEWS } from "#server/quarantine/index.ts";
import { deliver } from "./deliver.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { scopeNow } from "./scope-now.ts";
import { openSealed } from "./sealed-envelope.ts";
import { settledWith } from "./settle-held.ts";

const HEARTBEAT = 15_000;
/** How often a stream whose session nobody touched is looked at again. */
const RECHECK = 60_000;

export const syncRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/sync/push",
    summary: "Push what a person did, in order",
    permission: "sync:use",
    audit: { none: "each mutation writes its own record in its transaction" },
    body: pushSchema,
    judgesText: true,
    response: pushResultSchema,
    limit: MAX_PUSH_BYTES,
    handle: async ({ practice, principal, requestId, body }) => {
      const epoch = await practice.epoch();
      if (body.epoch !== null && body.epoch !== epoch) throw new DomainError("epoch_mismatch", { epoch });
      const { clientId, givenBack } = body;
      const context = { practice, principal, clientId, requestId, ...(givenBack && { givenBack }) };
      return settledWith(practice, await push(context, await openSealed(context, body.mutations)));
    },
  }),
  route({
    method: "post",
    path: "/api/sync/pull",
    summary: "Pull what changed since a commit, for the streams of the role",
    permission: "sync:use",
    audit: "chart.replicated",
    body: pullSchema,
    response: pullResultSchema,
    limit: 512 * 1024,
    handle: ({ practice, principal, body }) => pull(practice, principal, body),
  }),
  route({
    method: "post",
    path: "/api/sync/deliver",
    summary: "Deliver sealed work under the device key, while its person is locked out",
    permission: "sync:use",
    proof: "device",
    audit: { none: "each mutation writes its own record in its transaction" },
    body: deliverSchema,
    response: pushResultSchema,
    limit: MAX_PUSH_BYTES,
    handle: async ({ practice, deviceId, requestId, body }) =>
      settledWith(practice, await deliver(practice, deviceId, body, requestId)),
  }),
  route({
    method: "get",
    path: "/api/sync/events",
    summary: "Server-sent events: where something changed, never what",
    permission: "sync:use",
    audit: { none: "carries no record, only names of streams the caller holds" },
    response: "events",
    handle: async (context) => eventStream(context),
  }),
];

/** Live streams that one session may hold: a tablet needs one, and has two for a moment when it comes back. */
const MOST_STREAMS = 8;
const openStreams = new Map<string, (() => void)[]>();

/** Makes room for one more stream of a session: the oldest ends, because whoever opened it has surely left. */
function enter(sessionId: string, end: () => void): () => void {
  const open = openStreams.get(sessionId) ?? [];
  openStreams.set(sessionId, open);
  open.push(end);
  if (open.length > MOST_STREAMS) open[0]!();
  return () => {
    open.splice(open.indexOf(end), 1);
    if (open.length === 0) openStreams.delete(sessionId);
  };
}

/** The streams of the role now, and the charts this person's clients on the device keep beside them. */
async function streamsOf(practice: Practice, principal: Principal): Promise<Set<string>> {
  const em = practice.database.em.fork();
  const kept: { stream: string }[] = await em.execute(
    `select distinct stream from sync_client_stream join sync_client using (client_id) where user_id = ? and device_id = ?`,
    [principal.actor.id, principal.session!.deviceId],
  );
  return new Set(
    await scopeNow(
      practice,
      principal,
      kept.map((row) => row.stream),
      em,
    ),
  );
}

/** Tells one tablet about changes in its streams until its session ends, the request ends, or the server stops. */
async function eventStream({ practice, principal, request }: RouteContext): Promise<Response> {
  const encoder = new TextEncoder();
  let scope = await streamsOf(practice, principal);
  const opensCharts = can(principal.actor, "chart:open").allowed;
  const stops: (() => void)[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          stop();
        }
      };
      const send = (event: LiveEvent) => write(`data: ${JSON.stringify(liveEventSchema.parse(event))}\n\n`);
      const tell = (stream: string, head?: number) =>
        send({ type: "change", stream, ...(head === undefined ? {} : { head }) });
      const stop = () => {
        for (const end of stops.splice(0)) end();
        try {
          controller.close();
        } catch {
          // Already closed by the other side.
        }
      };
      const recheck = async () => {
        const end = await practice.authenticator.endOf(principal).catch(() => null);
        if (end === null) return;
        send({ type: end === "device_wiped" ? "wipe" : "reauth" });
        stop();
      };
      const lookAtReview = followReview(practice, principal, () => send({ type: "review" }));
      stops.push(
        enter(principal.session!.id, stop),
        practice.live.onChange((stream, head) => {
          // A role that was taken away shows as a change of the person's row.
          if (stream === streams.directory) void recheck();
          if (stream === REVIEW_NEWS || stream === "*") lookAtReview();
          if (stream === "*" || scope.has(stream)) tell(stream, head);
          else if (opensCharts && patientOfStream(stream)) void lookAgain(stream, head);
          if (stream === "*" || stream === streams.schedule) void rescope();
        }),
        practice.live.onIdentity(() => void recheck()),
        every(HEARTBEAT, () => write(": alive\n\n")),
        every(RECHECK, recheck),
      );
      /** A chart that was opened after this stream began is kept by the device, too: its changes are told at once. */
      const lookAgain = async (stream: string, head?: number) => {
        const next = await streamsOf(practice, principal).catch(() => scope);
        if (!next.has(stream)) return;
        scope = next;
        tell(stream, head);
      };
      const rescope = async () => {
        const next = await streamsOf(practice, principal).catch(() => scope);
        const grown = [...next].some((stream) => !scope.has(stream));
        scope = next;
        if (grown) send({ type: "scope" });
      };
      stops.push(every(RECHECK, rescope));
      request.signal.addEventListener("abort", stop, { once: true });
      after(0, () => write(": connected\n\n"));
    },
    cancel() {
      for (const end of stops.splice(0)) end();
    },
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
