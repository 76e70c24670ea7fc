import { explainSystemError } from "#domain/kernel/command.ts";
import { startErrors } from "./start-errors.mjs";

type Facts = Readonly<Record<string, string | number | undefined>>;

const member = (error: unknown, name: string): unknown =>
  typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;

/** An error and what caused it: drivers wrap what the machine said, several addresses come as one error. */
function* chain(error: unknown, depth = 0): Generator<unknown> {
  if (typeof error !== "object" || error === null || depth > 4) return;
  yield error;
  const several = member(error, "errors");
  for (const next of [member(error, "cause"), ...(Array.isArray(several) ? several : [])])
    yield* chain(next, depth + 1);
}

const noAnswer = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);

/** What the database says, by SQLSTATE. */
const refusedLogin = new Set(["28P01", "28000", "3D000"]);

function databaseFailure(code: string): string | null {
  if (noAnswer.has(code) || code.startsWith("57P"))
    return "The database does not answer. Check that it runs and that DATABASE_URL, where it is set, names it; then run the command again.";
  if (refusedLogin.has(code))
    return "The database answers but refused user, password or database name. Check DATABASE_URL, or JAMEMR_DATABASE_APP_URL where that is set.";
  if (code === "42P01" || code === "3F000")
    return "There are no records of a practice in this database, or they are of an older version. Check DATABASE_URL; a practice is brought up to date when it starts.";
  if (code === "42501")
    return "This login of the database may not do that. Use the owner's address in DATABASE_URL.";
  return null;
}

/**
 * What went wrong with a command, and what to do next, in words; a failure that nobody foresaw as it is.
 *
 * @param error whatever the command threw
 */
export function explainFailure(error: unknown): string {
  for (const one of chain(error)) {
    const code = String(member(one, "code") ?? "");
    const facts = member(one, "facts");
    if (typeof facts === "object" && facts !== null && Object.hasOwn(startErrors, code))
      return `${code}: ${startErrors[code]!(facts as Facts)}`;
    const known = explainSystemError(one) ?? databaseFailure(code);
    if (known) return `${known} (${code})`;
  }
  const words = error instanceof Error ? error.message : String(error);
  return words === "" ? "It failed, and nothing said why. JAMEMR_DEBUG=1 shows where." : words;
}
