import { type ErrorCode, errorCatalog } from "#domain/errors/catalog.ts";

/** The server answered and said no. `code` stands in the error catalogue, whose sentence the person reads. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: unknown;
  /** Milliseconds to wait before trying again, from Retry-After. */
  readonly retryAfter: number | null;
  /** Number of the audit record of a logged denial. */
  readonly auditSeq: number | null;

  constructor(
    code: ErrorCode,
    options: { status?: number; detail?: unknown; retryAfter?: number; auditSeq?: number } = {},
  ) {
    super(errorCatalog[code].message);
    this.name = "ApiError";
    this.code = code;
    this.status = options.status ?? errorCatalog[code].status;
    this.detail = options.detail;
    this.retryAfter = options.retryAfter ?? null;
    this.auditSeq = options.auditSeq ?? null;
  }
}
