import type * as z from "zod";
import { isErrorCode } from "#domain/errors/catalog.ts";
import { now } from "#domain/kernel/clock.ts";
import { LocalError } from "../local/local-error.ts";
import { ApiError } from "./api-error.ts";

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** Empty in the browser: addresses are the page's own. */
  readonly base?: string;
  /** The clinic answered. `skew` is this clock minus the clinic's in seconds, when it said its time. */
  readonly onAnswer?: (skew: number | null) => void;
  /** Nobody answered, or somebody who is not the clinic. */
  readonly onSilence?: () => void;
  /** The clinic wants everything destroyed that can be read on this device. */
  readonly onWipe?: () => void;
}

export interface ApiRequest<T> {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly authorization?: string | null;
  /** The shape of a good answer; null when there is none to read. */
  readonly answer: z.ZodType<T> | null;
  readonly signal?: AbortSignal;
}

/** Milliseconds until a request counts as unanswered. */
const PATIENCE = 30_000;

const isJson = (response: Response) =>
  /^application\/(?:problem\+)?json\b/.test(response.headers.get("content-type") ?? "");

/**
 * The clinic's HTTP interface. An answer counts only when it has the clinic's shape: the 200 HTML page of a captive
 * portal, a proxy's error page and a redirect to somewhere else are all "the clinic did not answer".
 */
export interface Api {
  /** @throws {LocalError} offline · {ApiError} the clinic refused */
  request<T>(path: string, request: ApiRequest<T>): Promise<T>;
  /** Like {@link Api.request}, for bodies that are not JSON. `type` is the start of the expected content type. */
  open(
    path: string,
    options: { authorization: string | null; type: string; signal?: AbortSignal; patience?: number },
  ): Promise<Response>;
}

export function createApi(options: ApiOptions): Api {
  const silence = (cause: unknown): LocalError => {
    options.onSilence?.();
    return new LocalError("offline", { cause });
  };

  const send = async (path: string, init: RequestInit, signal?: AbortSignal, patience = PATIENCE) => {
    const limit = patience === Infinity ? [] : [AbortSignal.timeout(patience)];
    const signals = [...limit, ...(signal ? [signal] : [])];
    try {
      return await options.fetch(`${options.base ?? ""}${path}`, {
        ...init,
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.any(signals),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw silence(cause);
    }
  };

  const readJson = async (response: Response): Promise<unknown> => {
    if (!isJson(response)) throw silence(`${response.status} without the clinic's content type`);
    try {
      return await response.json();
    } catch (cause) {
      throw silence(cause);
    }
  };

  const answered = (response: Response) => {
    const said = Date.parse(response.headers.get("date") ?? "");
    options.onAnswer?.(Number.isNaN(said) ? null : Math.round((now() - said) / 1000));
  };

  const refuse = async (response: Response): Promise<never> => {
    const problem = (await readJson(response)) as { code?: unknown; detail?: unknown; auditSeq?: unknown };
    if (typeof problem.code !== "string" || !isErrorCode(problem.code))
      throw silence(`${response.status} in unknown words`);
    answered(response);
    if (problem.code === "device_wiped") options.onWipe?.();
    const seconds = Number(response.headers.get("retry-after"));
    throw new ApiError(problem.code, {
      status: response.status,
      detail: problem.detail,
      ...(seconds > 0 ? { retryAfter: seconds * 1000 } : {}),
      ...(typeof problem.auditSeq === "number" ? { auditSeq: problem.auditSeq } : {}),
    });
  };

  return {
    async request(path, { method = "GET", body, authorization, answer, signal }) {
      const headers: Record<string, string> = { accept: "application/json" };
      if (authorization) headers.authorization = authorization;
      if (body !== undefined) headers["content-type"] = "application/json";
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await send(path, init, signal);
      if (!response.ok) return refuse(response);
      if (!answer) {
        answered(response);
        return undefined as never;
      }
      const parsed = answer.safeParse(await readJson(response));
      if (!parsed.success) throw silence(parsed.error);
      answered(response);
      return parsed.data;
    },

    async open(path, { authorization, type, signal, patience }) {
      const headers: Record<string, string> = { accept: type };
      if (authorization) headers.authorization = authorization;
      const response = await send(path, { headers }, signal, patience);
      if (!response.ok) return refuse(response);
      if (!(response.headers.get("content-type") ?? "").startsWith(type))
        throw silence("another content type than asked for");
      answered(response);
      return response;
    },
  };
}
