import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createRxDatabase, type RxCollection, type RxDatabase } from "rxdb/plugins/core";
import { type RxReplicationState, replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import { Subject } from "rxjs";
import type { BenchRow } from "../../scripts/bench.ts";

const SEEDS = 60;
const EDITS = 200;
const NOTES = 10;
/** How often an answer is lost after the server stored the edit, and the tab closed before it was asked again. */
const LOST_ANSWER = 0.1;
/** How often a note leaves what the person may see. */
const LEAVES = 0.02;

interface Note {
  id: string;
  text: string;
}
type Stored = Note & { seq: number };

/** A server as RxDB's own HTTP example describes it, which can lose one answer. */
class NoteServer {
  readonly notes = new Map<string, Stored>();
  readonly hidden = new Set<string>();
  loseAnswer = false;
  #seq = 0;

  readonly pull = async (checkpoint: { seq: number } | undefined, limit: number) => {
    const since = checkpoint?.seq ?? 0;
    const found = [...this.notes.values()]
      .filter(({ id, seq }) => seq > since && !this.hidden.has(id))
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit);
    return {
      documents: found.map(({ id, text }) => ({ id, text, _deleted: false })),
      checkpoint: { seq: found.at(-1)?.seq ?? since },
    };
  };

  readonly push = async (rows: { newDocumentState: Note; assumedMasterState?: Note | undefined }[]) => {
    const conflicts: (Note & { _deleted: boolean })[] = [];
    for (const { newDocumentState, assumedMasterState } of rows) {
      const stored = this.notes.get(newDocumentState.id);
      if (stored && stored.text !== assumedMasterState?.text)
        conflicts.push({ id: stored.id, text: stored.text, _deleted: false });
      else {
        const { id, text } = newDocumentState;
        this.notes.set(id, { id, text, seq: ++this.#seq });
      }
    }
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new Error("the connection was reset after the commit");
    }
    return conflicts;
  };
}

/** A played device: every edit adds a word to a note; some answers get lost, some notes leave the person's reach. */
async function playRxdb(chance: () => number): Promise<{ edits: number; wrong: number }> {
  const server = new NoteServer();
  const database: RxDatabase = await createRxDatabase({
    name: `faulted-${crypto.randomUUID()}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const text = { type: "string", maxLength: 60 } as const;
  const { notes } = await database.addCollections<{ notes: RxCollection<Note> }>({
    notes: {
      schema: {
        version: 0,
        primaryKey: "id",
        type: "object",
        properties: { id: text, text: { type: "string" } },
        required: ["id", "text"],
      },
    },
  });
  const start = () =>
    replicateRxCollection<Note, { seq: number }>({
      collection: notes,
      replicationIdentifier: "faulted",
      live: true,
      waitForLeadership: false,
      retryTime: 100_000,
      pull: { handler: server.pull as never, stream$: new Subject<"RESYNC">().asObservable() },
      push: { handler: server.push as never },
    });
  let replication: RxReplicationState<Note, { seq: number }> = start();
  const words: { note: string; word: string }[] = [];
  for (let i = 0; i < EDITS; i++) {
    const id = `n${Math.floor(chance() * NOTES)}`;
    const lost = chance() < LOST_ANSWER;
    if (!lost) await replication.awaitInSync();
    const word = `w${i}z`;
    server.loseAnswer = lost;
    const note = await notes.findOne(id).exec();
    if (note) await note.incrementalPatch({ text: `${note.text} ${word}` });
    else await notes.insert({ id, text: word });
    words.push({ note: id, word });
    if (lost) {
      while (server.loseAnswer) await new Promise((resolve) => setTimeout(resolve, 1));
      await replication.cancel(); // the tab is closed; the next edit is made before it is back in touch
      const next = await notes.findOne(id).exec();
      await next?.incrementalPatch({ text: `${next.text} again${word}` });
      words.push({ note: id, word: `again${word}` });
      replication = start();
      await replication.awaitInitialReplication();
    }
    if (chance() < LEAVES) server.hidden.add(id);
  }
  await replication.awaitInSync();
  const missing = words.filter(({ note, word }) => !server.notes.get(note)?.text.split(" ").includes(word));
  replication.reSync();
  await replication.awaitInSync();
  const leaked = (await notes.find().exec()).filter(({ id }) => server.hidden.has(id));
  await replication.cancel();
  await database.close();
  return { edits: words.length, wrong: missing.length + leaked.length };
}

/** The product under the simulator's whole list of faults. */
async function playJamemr(): Promise<{ edits: number; wrong: number }> {
  const program = fileURLToPath(new URL("../../sync-server/testing/simulation/main.ts", import.meta.url));
  const args = [program, "--seeds", String(SEEDS), "--no-bugs", "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, "close");
  const { captured, failed } = JSON.parse(said) as { captured: number; failed: { violations: string[] }[] };
  return { edits: captured, wrong: failed.reduce((sum, { violations }) => sum + violations.length, 0) };
}

/** The same faults in every run (xorshift32). */
function seededChance(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** What was lost, doubled or leaked of 1,000 edits under faults. */
export async function measureFaultedEdits(): Promise<readonly BenchRow[]> {
  const own = await playJamemr();
  const peer = await playRxdb(seededChance(20_270_112));
  const value = (own.wrong / own.edits) * 1000;
  const peerValue = (peer.wrong / peer.edits) * 1000;
  return [
    {
      row: "lost, doubled or leaked per 1,000 faulted edits",
      value,
      unit: "",
      peer: "RxDB+Dexie HTTP",
      peerValue,
      ratio: null,
      goal: "0 (peer > 0)",
      met: value === 0 && peerValue > 0,
    },
  ];
}
