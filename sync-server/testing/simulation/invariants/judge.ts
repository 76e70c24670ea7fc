import type pg from "pg";
import { withClient } from "#server/operations/postgres-roles.ts";
import type { Play } from "../play.ts";
import { judgeServer } from "./server-side.ts";
import { judgeSound } from "./sound.ts";
import { judgeTablet } from "./tablet-side.ts";
import { judgeWork } from "./work.ts";

/** Judges a healed and quiet world. Each sentence begins with the number of the invariant it is about. */
export async function judgeAll(play: Play): Promise<void> {
  await withClient(play.database.ownerUrl, async (client: pg.Client) => {
    for (const tablet of play.tablets) await judgeTablet(play, client, tablet);
    await judgeWork(play, client);
    await judgeServer(play, client);
    await judgeSound(play, client);
  });
}
