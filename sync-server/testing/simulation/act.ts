import { can } from "#domain/access/can.ts";
import { type MutationName, mutations } from "#domain/registry.ts";
import { LocalError } from "#pwa/local/local-error.ts";
import { sealToServer } from "#pwa/outbox/server-key.ts";
import { generators } from "./actions/generators.ts";
import type { Scene } from "./actions/scene.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { createRandom } from "./random.ts";
import type { PlayedTablet } from "./tablet.ts";
import { pairPatients, vaultPatients } from "./world.ts";

export const reserved: ReadonlySet<string> = new Set([...vaultPatients, ...pairPatients]);

function sceneOf(play: Play, tablet: PlayedTablet, chance: number, words: string[]): Scene {
  const user = tablet.local.session.get().user;
  return {
    random: createRandom("act", chance),
    now: play.clock.now + tablet.clock.ahead,
    userId: user?.id ?? "",
    reserved,
    rows: (name) => tablet.rows(name),
    sounds: new Set(play.witness.sounds.map(({ id }) => id)),
    refused: () =>
      tablet.local.outbox
        .get()
        .filter(({ status, notHanded }) => status === "refused" && !notHanded)
        .map(({ mutation }) => mutation),
    typed() {
      const word = play.witness.word();
      words.push(word);
      return word;
    },
    async sealedKey() {
      const [record] = await tablet.database.users.toArray();
      if (!record) throw new Error("nobody works here yet");
      return sealToServer(record.serverKey, createRandom("key", chance).bytes(32));
    },
  };
}

type Args = { readonly id: string };

/** Arguments for something that makes sense on this tablet now, and the words that were typed for it. */
export async function generate(
  play: Play,
  tablet: PlayedTablet,
  chance: number,
  name: MutationName,
): Promise<{ readonly words: readonly string[]; readonly args: Args | null }> {
  const words: string[] = [];
  const scene = sceneOf(play, tablet, chance, words);
  return { args: await tablet.whileAlive(generators[name](scene as never)), words };
}

/** Saves something on a tablet: when it says that it is saved, the witness remembers. */
export async function capture(
  play: Play,
  tablet: PlayedTablet,
  name: MutationName,
  args: Args,
  words: readonly string[],
): Promise<boolean> {
  const { index } = tablet;
  // A timer of the tab may write, and die, while this is read.
  const clientId = await tablet.whileAlive(tablet.clientId());
  if (clientId === null) return false;
  const { failed } = tablet.database;
  const written = play.release.write(name, { ...args });
  const outcome = await tablet.run(() => tablet.local.mutate(name, written as never));
  // Told that it is not saved, whoever typed it still has it.
  if (outcome.type === "failed" && isNotSaved(outcome.error) && tablet.database.failed > failed) return false;
  if (outcome.type === "failed" && tablet.alive)
    play.witness.violated("I9", `tablet ${index} could not save ${name}: ${describe(outcome.error)}`);
  if (outcome.type !== "done") return false;
  const { n } = outcome.value;
  const mutationId = await tablet.whileAlive(mutationIdOf(tablet, clientId, n));
  play.witness.captured.push({ tablet: index, clientId, n, mutationId, name, id: args.id, words });
  return true;
}

async function mutationIdOf({ database }: PlayedTablet, clientId: string, n: number): Promise<string | null> {
  const record = (await database.outbox.get([clientId, n])) ?? (await database.sent.get([clientId, n]));
  return record?.envelope.id ?? null;
}

/** Somebody does something on a tablet. */
export async function playAct(
  play: Play,
  { tablet: index, name, chance, online, kill }: StepOf<"act">,
): Promise<void> {
  const tablet = play.tablet(index);
  if (!(await play.ready(tablet))) return;
  const user = tablet.local.session.get().user;
  const definition = mutations.get(name);
  if (!user || !definition) return;
  const random = createRandom("may", chance);
  const actor = { type: "user" as const, id: user.id, role: user.role, deviceId: null };
  // Screens offer only what the role allows; now and then somebody finds a way around them.
  if (!can(actor, definition.mutation.permission).allowed && random.chance(0.5)) return;
  const { words, args } = await generate(play, tablet, chance, name);
  if (!args) return;
  if (online) tablet.network.up([], random);
  tablet.arm(kill);
  play.clock.pass(1000);
  const saved = await capture(play, tablet, name, args, words);
  // A clock that was set ahead ends the offline time in the cycle that follows, and nothing is shown then.
  const reads = tablet.alive && tablet.local.session.get().state === "unlocked";
  if (saved && reads && !online) await checkOwnWrite(play, tablet, name, args);
  if (online || kill) await play.quiet();
  tablet.arm(null);
  tablet.network.down();
}

const isNotSaved = (error: unknown): boolean => error instanceof LocalError && error.code === "not_saved";

const describe = (error: unknown): string => {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  return `${error}${cause ? ` (${cause})` : ""}`;
};

/** I10, read your writes: what was just saved stands in the view, unless the clinic has refused it meanwhile. */
async function checkOwnWrite(
  play: Play,
  tablet: PlayedTablet,
  name: MutationName,
  args: Args,
): Promise<void> {
  const definition = mutations.get(name);
  if (!definition?.collection.local || definition.mutation.sealed) return;
  const shown = await tablet.shows(definition.collectionName, args.id);
  const refused = tablet.local.outbox
    .get()
    .some(({ rowId, status }) => rowId === args.id && status === "refused");
  const { role } = tablet.local.session.get().user ?? {};
  // A clinic that went back to a backup is fetched anew: what is changed meanwhile comes back with the next rows.
  const anew = tablet.local.awaiting.get();
  if (!shown && !refused && role && !anew)
    play.witness.violated("I10", `tablet ${tablet.index} does not show its own ${name} of ${args.id}`);
}
