import { MikroORM, type SqlEntityManager } from "@mikro-orm/postgresql";
import { entities } from "./entities.ts";

/** A connection pool to the practice's database with the rights of `jamemr_app`. */
export type Database = Awaited<ReturnType<typeof openDatabase>>;
export type EntityManager = SqlEntityManager;

/**
 * Opens the database for the running server. The schema is never changed from here.
 * @param appUrl login of `jamemr_app`
 */
export async function openDatabase(appUrl: string, poolSize = 12) {
  return MikroORM.init({
    clientUrl: appUrl,
    entities,
    pool: { min: 0, max: poolSize },
    discovery: { warnWhenNoEntities: false },
    forceUtcTimezone: true,
    validateRequired: true,
  });
}
