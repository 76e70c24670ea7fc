import { toHex } from "#domain/kernel/bytes.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { restrictConnections, withClient } from "../operations/postgres-roles.ts";
import { type TestServer, templateDatabase } from "./test-postgres.ts";

export interface TestDatabase {
  /** Login of the schema's owner: migrations, planting rows, looking behind the scenes. */
  readonly ownerUrl: string;
  /** Login of the running server. */
  readonly appUrl: string;
  /** Removes the database, closing what is still connected to it. */
  drop(): Promise<void>;
}

/**
 * A database of its own for one test file: a copy of the migrated template (about 50 ms).
 *
 * @param server outside Vitest, what `startTestPostgres` returned; inside, it comes from the global set-up
 */
export async function createTestDatabase(server?: TestServer): Promise<TestDatabase> {
  return newDatabase(`template ${templateDatabase}`, server);
}

/** One without a schema: what a restore begins with. */
export const createEmptyDatabase = (): Promise<TestDatabase> => newDatabase("template template0");

async function newDatabase(like: string, server?: TestServer): Promise<TestDatabase> {
  const where = server ?? (await import("vitest")).inject("testServer");
  const name = `test_${toHex(randomBytes(8))}`;
  await withClient(where.adminUrl, async (client) => {
    await client.query(`create database ${name} ${like} owner jamemr_owner`);
    await restrictConnections(client, name);
  });
  const named = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    ownerUrl: named(where.ownerUrl),
    appUrl: named(where.appUrl),
    drop: () =>
      withClient(where.adminUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}
