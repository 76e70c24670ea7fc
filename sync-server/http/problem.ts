import { DomainError, type ErrorCode, errorCatalog } from "#domain/errors/catalog.ts";

/** RFC 9457. `auditSeq` is the number of the audit record when the answer is a logged denial. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly requestId: string;
  readonly auditSeq?: number;
}

export function problemOf(error: DomainError, requestId: string, auditSeq?: number): Problem {
  const detail =
    error.detail === undefined
      ? undefined
      : typeof error.detail === "string"
        ? error.detail
        : JSON.stringify(error.detail);
  return {
    type: `/api/docs#error-${error.code}`,
    title: errorCatalog[error.code].message,
    status: error.status,
    code: error.code,
    ...(detail === undefined ? {} : { detail }),
    requestId,
    ...(auditSeq === undefined ? {} : { auditSeq }),
  };
}

export function problemResponse(error: DomainError, requestId: string, auditSeq?: number): Response {
  const problem = problemOf(error, requestId, auditSeq);
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (problem.status === 429 || problem.status === 503) headers.set("retry-after", retryAfter(error.detail));
  if (problem.status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

const retryAfter = (detail: unknown): string => {
  const seconds: unknown =
    typeof detail === "object" && detail !== null ? Reflect.get(detail, "retryAfterSeconds") : undefined;
  return String(typeof seconds === "number" ? seconds : 2);
};

export const invalid = (detail: string): DomainError => new DomainError("malformed_request", detail);
