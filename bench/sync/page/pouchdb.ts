// PouchDB over IndexedDB against express-pouchdb, with its defaults.
import PouchDB from "pouchdb-browser";
import { timed } from "./contestant.ts";

/** PouchDB has no reactive reads worth comparing: only its first sync stands beside ours. */
const pouchdb = () => ({
  async firstSync() {
    const database = new PouchDB("bench", { auto_compaction: true });
    const remote = new PouchDB(`${location.origin}/pouch/bench`);
    const milliseconds = await timed(() => database.replicate.from(remote, { batch_size: 1000 }));
    return { milliseconds, rows: (await database.info()).doc_count };
  },
});

window.contestant = pouchdb as unknown as Window["contestant"];
