import { withClient } from "#server/operations/postgres-roles.ts";
import { writeBackup } from "./backup-file.ts";
import { beginMoment, dumpTables, type Moment } from "./dump.ts";
import type { EntryWithBytes } from "./frames.ts";

/**
 * Writes everything the practice holds at one moment into a file, while it runs.
 * @param ownerUrl the owner's login: the server's own may not read every table
 * @param files what lies beside the database
 */
export const makeBackup = (
  file: string,
  key: Uint8Array,
  ownerUrl: string,
  files: () => AsyncIterable<EntryWithBytes>,
): Promise<Moment> =>
  withClient(ownerUrl, async (client) => {
    const moment = await beginMoment(client);
    const entries = async function* (): AsyncGenerator<EntryWithBytes> {
      yield* dumpTables(client);
      // After the tables: what they name is on the disk before they name it.
      yield* files();
    };
    await writeBackup(file, key, moment, entries());
    return moment;
  });
