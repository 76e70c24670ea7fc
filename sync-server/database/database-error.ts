import { DomainError } from "#domain/errors/catalog.ts";

/** SQLSTATE of a failed statement, also through the ORM's and the pool's wrappers; undefined for other failures. */
export function sqlState(error: unknown): string | undefined {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 4;
    cause = cause.cause, depth++
  ) {
    const code: unknown = Reflect.get(cause, "code");
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

const connectionCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND"]);

/** The database is away, starting or stopping: the same request may succeed soon. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  // 08P01 is a message that the database could not read: a defect of ours, which no waiting heals.
  if (state)
    return (state.startsWith("08") && state !== "08P01") || state.startsWith("57P") || state === "53300";
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 4;
    cause = cause.cause, depth++
  ) {
    const code: unknown = Reflect.get(cause, "code");
    if (typeof code === "string" && connectionCodes.has(code)) return true;
    if (/Connection terminated|not queryable|timeout exceeded when trying to connect/.test(cause.message))
      return true;
  }
  return false;
}

/** Deadlock or serialization failure: worth trying again as it is. */
export const isTransient = (error: unknown): boolean => ["40001", "40P01"].includes(sqlState(error) ?? "");

/** Two that lock the same records in another order may meet again; after the third time whoever asked repeats it. */
const TRIES = 3;

/** Does `work`, and does it again when it failed for a {@link isTransient transient} reason only. */
export async function repeatTransient<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (tried === TRIES || !isTransient(error)) throw error;
    }
  }
}

/** Values that the database can never hold: class 22 (NUL characters, dates out of range, …) and failed checks. */
const isUnstorable = (state: string | undefined): boolean =>
  state?.startsWith("22") || state === "23502" || state === "23514";

/** A record with the same key was stored meanwhile. */
export const isTaken = (error: unknown): boolean => sqlState(error) === "23505";

/** What a violated constraint means to the person whose change broke it; undefined when it is a defect of ours. */
export function refusalOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  const state = sqlState(error);
  if (isUnstorable(state)) return new DomainError("invalid_arguments");
  switch (state) {
    case "23P01":
      return new DomainError("slot_taken");
    case "23503":
      return new DomainError("missing_parent");
    case "23505":
      return new DomainError("already_exists");
    case "JE005":
      return new DomainError("note_signed");
    default:
      return undefined;
  }
}
