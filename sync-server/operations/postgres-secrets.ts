import * as z from "zod";
import { toHex } from "#domain/kernel/bytes.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { OperationError } from "./operation-error.ts";
import { readIfPresent, writePrivateFile } from "./private-file.ts";

const password = z.string().regex(/^[0-9a-f]{32,}$/);

const secretsSchema = z.object({
  /** TCP port on 127.0.0.1, chosen at random once and kept so that operators find the database again. */
  port: z.int().min(1).max(65_535).nullable(),
  /** Passwords by login. Hexadecimal, so they need no quoting in an address or in SQL. */
  passwords: z.object({ postgres: password, jamemr_owner: password, jamemr_app: password }),
});

export type PostgresSecrets = z.infer<typeof secretsSchema>;
export type DatabaseLogin = keyof PostgresSecrets["passwords"];

const newPassword = (): string => toHex(randomBytes(24));

/**
 * Reads `keys/postgres`, or makes it before the first database exists, so that no crash can separate a database
 * from its passwords.
 *
 * @throws {OperationError} `data_folder_damaged` when the file is there but not readable as such
 */
export async function readOrCreateSecrets(file: string): Promise<PostgresSecrets> {
  const text = await readIfPresent(file);
  if (text === undefined) {
    const passwords = { postgres: newPassword(), jamemr_owner: newPassword(), jamemr_app: newPassword() };
    const secrets: PostgresSecrets = { port: null, passwords };
    await writeSecrets(file, secrets);
    return secrets;
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new OperationError("data_folder_damaged", { path: file, file: "keys/postgres" }, error);
  }
}

export const writeSecrets = (file: string, secrets: PostgresSecrets): Promise<void> =>
  writePrivateFile(file, `${JSON.stringify(secrets, null, 2)}\n`);
