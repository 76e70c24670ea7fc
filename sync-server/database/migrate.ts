import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import { entities } from "./entities.ts";

const folder = fileURLToPath(new URL("../../migrations", import.meta.url));

/**
 * Brings the schema to this release, each migration in a transaction of its own, as the database's owner.
 * @param ownerUrl login of `jamemr_owner` (or whoever owns the practice's database)
 * @param only these and no others: the schema of an older release
 * @returns the names of the migrations that were applied now
 */
export const migrate = (ownerUrl: string, only?: readonly string[]): Promise<string[]> =>
  withMigrator(ownerUrl, async (migrator) => {
    const applied = await migrator.up(only && { migrations: [...only] });
    return applied.map((migration) => migration.name);
  });

/** The names of the migrations that a database still lacks. */
export const pendingMigrations = (ownerUrl: string): Promise<string[]> =>
  withMigrator(ownerUrl, async (migrator) => (await migrator.getPending()).map(({ name }) => name));

async function withMigrator<T>(
  ownerUrl: string,
  work: (migrator: MikroORM["migrator"]) => Promise<T>,
): Promise<T> {
  const orm = await MikroORM.init({
    clientUrl: ownerUrl,
    entities,
    extensions: [Migrator],
    logger: () => {},
    pool: { min: 0, max: 2 },
    discovery: { warnWhenNoEntities: false },
    migrations: {
      path: folder,
      pathTs: folder,
      emit: "ts",
      snapshot: false,
      allOrNothing: false,
      tableName: "schema_migration",
    },
  });
  try {
    return await work(orm.migrator);
  } finally {
    await orm.close(true);
  }
}

/** The migrations this release brings, oldest first. */
export const migrationNames = async (): Promise<string[]> =>
  (await readdir(folder))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
