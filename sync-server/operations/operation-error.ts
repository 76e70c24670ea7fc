/**
 * A failure of the machine room (folder, database, certificates) that an operator can put right.
 *
 * `code` is stable and is explained in `scripts/start-errors.mjs`; `facts` fill that explanation in (a path, a
 * port, a process id) and never hold a password.
 */
export class OperationError extends Error {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(code: string, facts: Record<string, string | number> = {}, cause?: unknown) {
    const details = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    super([code, ...details].join(" "), { cause });
    this.name = "OperationError";
    this.code = code;
    this.facts = facts;
  }
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, …), or an empty string. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
