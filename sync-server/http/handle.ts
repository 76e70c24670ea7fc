import type { ZodType } from "zod";
import { can } from "#domain/access/can.ts";
import type { AuditAction } from "#domain/audit/actions.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { newId } from "#domain/kernel/id.ts";
import { allowedInSetUp } from "#domain/set-up/index.ts";
import { unstorablePlace } from "#domain/sync/storable.ts";
import { type AttemptedOn, attemptFields, DeniedAttempt } from "#server/audit/attempt.ts";
import { isTransient, isUnavailable, refusalOf } from "#server/database/database-error.ts";
import { anonymous, type Principal } from "#server/identity/principal.ts";
import { systemCode } from "#server/operations/operation-error.ts";
import type { Practice } from "#server/practice/practice.ts";
import { isInSetUp } from "#server/set-up/index.ts";
import { invalid, problemResponse } from "./problem.ts";
import type { Method, Route, RouteContext } from "./route.ts";

const DEFAULT_LIMIT = 256 * 1024;

const nobody: Principal = {
  actor: { type: "token", id: "nobody", scopes: [] },
  audit: anonymous,
  name: "nobody",
  roles: [],
};

/** Answers one request: who is it, may they, is it well formed, do it; every failure has a code, every denial a record. */
export async function answer(
  practice: Practice,
  route: Route,
  request: Request,
  params: Record<string, string>,
  atMachine: boolean,
): Promise<Response> {
  const requestId = newId();
  let principal: Principal = nobody;
  try {
    const caller = await identify(practice, route, request, requestId);
    if (caller instanceof Response) return caller;
    principal = caller.principal;
    const denied = await judge(practice, route, caller, params, requestId);
    if (denied) return denied;
    await assertMayChange(practice, route);
    const context: RouteContext = {
      practice,
      request,
      requestId,
      atMachine,
      principal,
      deviceId: caller.deviceId,
      params: route.params ? parse(route.params, params) : params,
      query: route.query ? parse(route.query, Object.fromEntries(new URL(request.url).searchParams)) : {},
      body: route.body
        ? parse(route.body, await readJson(request, route.limit ?? DEFAULT_LIMIT), route.judgesText)
        : undefined,
    };
    return respond(await route.handle(context));
  } catch (error) {
    return failed(practice, route, principal, error, params, requestId);
  }
}

type Params = Readonly<Record<string, string>>;

/** What the path says the request is about. */
function aboutOf({ about }: Route, params: Params): AttemptedOn | undefined {
  const id = params.id ?? params.upload?.split(".")[0];
  return about && id !== undefined ? { type: about, id } : undefined;
}

const respond = (result: unknown): Response => {
  if (result instanceof Response) return result;
  const headers = { "cache-control": "no-store" };
  if (result === undefined) return new Response(null, { status: 204, headers });
  return Response.json(result, { headers });
};

interface Caller {
  readonly principal: Principal;
  readonly deviceId: string;
}

/**
 * Who is asking. A token or proof that is presented and refused leaves a record, whose number is in the answer; a
 * request without any has nobody to name.
 * @returns the answer of a refusal instead, when nobody usable is asking
 */
async function identify(
  practice: Practice,
  route: Route,
  request: Request,
  requestId: string,
): Promise<Caller | Response> {
  if (route.permission === "public") return { principal: nobody, deviceId: "" };
  const authorization = request.headers.get("authorization");
  const byDevice =
    isForDevices(route) || (route.proof === "device-or-bearer" && authorization?.startsWith("Device "));
  try {
    if (byDevice) return await proveDevice(practice, route, request);
    return { principal: await practice.authenticator.bearer(authorization), deviceId: "" };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === "unauthenticated" || error.code === "session_ended")
      throw error;
    const action = byDevice ? "device.heartbeat_refused" : "token.refused";
    return deny(practice, route, nobody, error, requestId, action);
  }
}

/** No person may call it, whatever they hold. */
export const isForDevices = ({ proof }: Pick<Route, "proof">): boolean =>
  proof === "device" || proof === "any-device";

/** @throws {DomainError} unauthenticated, invalid_token, device_not_enrolled, device_revoked, device_wiped */
async function proveDevice(practice: Practice, route: Route, request: Request): Promise<Caller> {
  const proof = /^Device ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!proof) throw new DomainError("unauthenticated");
  let standing: { status?: string; wipe_asked_at?: unknown; wiped_at?: unknown } = {};
  const { deviceId } = await practice.tokens.verifyDeviceProof(proof, {
    method: request.method,
    path: new URL(request.url).pathname,
    async keyOf(id) {
      const [device] = await practice.database.em
        .fork()
        .execute("select key, status, wipe_asked_at, wiped_at from device where id = ?", [id]);
      standing = device ?? {};
      return device?.key ?? null;
    },
  });
  const { status, wipe_asked_at: asked, wiped_at: wiped } = standing;
  if (route.proof !== "any-device") {
    if (asked && !wiped) throw new DomainError("device_wiped");
    // What a device that was reported lost delivers is kept for review; anything else it may not do.
    if (status !== "enrolled" && !wiped && route.proof !== "device") throw new DomainError("device_revoked");
  }
  const principal: Principal = {
    ...nobody,
    audit: { type: "device", id: deviceId, deviceId },
    name: "device",
  };
  return { principal, deviceId };
}

/** @returns the answer of a denial, with the number of its audit record; null when the action is allowed */
async function judge(
  practice: Practice,
  route: Route,
  { principal, deviceId }: Caller,
  params: Params,
  requestId: string,
): Promise<Response | null> {
  if (route.permission === "public" || deviceId) return null;
  const decision = can(principal.actor, route.permission);
  if (decision.allowed) return null;
  const error = new DeniedAttempt(decision.code, route.permission, aboutOf(route, params));
  return deny(practice, route, principal, error, requestId);
}

const reading: readonly Method[] = ["get", "head", "options"];

/** @throws {DomainError} practice_in_set_up for every change that waits until a real practice has opened */
async function assertMayChange(practice: Practice, { method, permission }: Route): Promise<void> {
  if (permission === "public" || reading.includes(method) || allowedInSetUp.has(permission)) return;
  if (await isInSetUp(practice)) throw new DomainError("practice_in_set_up");
}

/** Refused is refused, even when the record cannot be written; then the answer has no number. */
async function deny(
  practice: Practice,
  route: Route,
  principal: Principal,
  error: DomainError,
  requestId: string,
  action: AuditAction = "access.denied",
): Promise<Response> {
  const auditSeq = await attemptOf(practice, error)
    .then((attempt) =>
      practice.ledger.record({
        ...attempt,
        actor: principal.audit,
        action,
        outcome: "denied",
        reason: error.code,
        requestId,
        route: `${route.method.toUpperCase()} ${route.path}`,
      }),
    )
    .catch((cause: unknown) => {
      practice.log.error({ requestId, err: messageOf(cause) }, "a denial could not be recorded");
      return undefined;
    });
  return problemResponse(error, requestId, auditSeq);
}

/** What is known of the attempt. That it cannot be looked up keeps no denial out of the log. */
const attemptOf = async (practice: Practice, error: DomainError) =>
  error instanceof DeniedAttempt
    ? attemptFields(practice.database.em.fork(), error.permission, error.on).catch(() => ({
        permission: error.permission,
      }))
    : {};

/** A refusal from within an operation was about what its path names. */
function asAttempt(route: Route, params: Params, error: DomainError): DomainError {
  if (error instanceof DeniedAttempt || route.permission === "public") return error;
  return new DeniedAttempt(error.code, route.permission, aboutOf(route, params));
}

async function failed(
  practice: Practice,
  route: Route,
  principal: Principal,
  error: unknown,
  params: Params,
  requestId: string,
): Promise<Response> {
  if (error instanceof DomainError) {
    const refused = error.status === 403 || error.code === "client_unknown";
    if (refused && principal !== nobody)
      return deny(practice, route, principal, asAttempt(route, params, error), requestId);
    if (error.code === "audit_unavailable")
      practice.log.error({ requestId, err: messageOf(error.cause) }, "audit unavailable");
    return problemResponse(error, requestId);
  }
  if (isUnavailable(error) || isTransient(error))
    return problemResponse(new DomainError("database_unavailable"), requestId);
  if (systemCode(error) === "ENOSPC") return problemResponse(new DomainError("storage_full"), requestId);
  const refusal = refusalOf(error);
  if (refusal) return problemResponse(refusal, requestId);
  practice.log.error(
    { requestId, route: route.path, err: messageOf(error), stack: stackOf(error) },
    "request failed",
  );
  return problemResponse(new DomainError("internal_error"), requestId);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.split("\n")[0]! : "unknown";
/** Where it failed, without the message: driver messages may quote values. */
const stackOf = (error: unknown): string[] =>
  error instanceof Error
    ? (error.stack ?? "")
        .split("\n")
        .filter((line) => line.startsWith("    at "))
        .slice(0, 8)
    : [];

/** @throws {DomainError} malformed_request naming the first member that is wrong */
function parse<T>(schema: ZodType<T>, value: unknown, judgesText = false): T {
  const odd = judgesText ? null : unstorablePlace(value);
  if (odd !== null) throw invalid(`${odd || "body"}: holds what cannot be stored`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${issue?.path.map(String).join(".") || "body"}: ${issue?.message ?? "is not allowed"}`);
}

async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new DomainError("unsupported_media_type");
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw new DomainError("payload_too_large");
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body)
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > limit) throw new DomainError("payload_too_large");
      chunks.push(chunk);
    }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw invalid("body: is not JSON in UTF-8");
  }
}
