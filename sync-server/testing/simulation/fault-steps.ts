import type { Role } from "#domain/access/roles.ts";
import { revisionHash } from "#domain/note/index.ts";
import { collectionNames, collections } from "#domain/registry.ts";
import { rawDisk } from "#pwa/local/testing/tablet.ts";
import { capture, generate, reserved } from "./act.ts";
import type { NetFault } from "./faults.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { changeRole, knowsDevice, rolesOf, setDisabled, wipeDevice } from "./practice-actions.ts";
import { createRandom } from "./random.ts";
import type { PlayedTablet } from "./tablet.ts";

const DAY = 86_400_000;
/** Longer than any grant lasts: a Friday's contact reaches Monday's close. */
const AWAY = 5 * DAY;

/** What a practice gives somebody beside their own; a role of those who oversee would change nothing here. */
const grantable = ["clinician", "nurse", "front-desk"] as const satisfies readonly Role[];

type Steps =
  | "disk"
  | "hand-over"
  | "clock"
  | "away"
  | "disable"
  | "enable"
  | "staffing"
  | "wipe"
  | "sign-twice"
  | "change-apart";

/** What befalls tablets and people, beside what the network and the server do. */
export const faultSteps: { readonly [T in Steps]: (play: Play, step: StepOf<T>) => Promise<void> } = {
  async disk(play, { tablet: index, name, fault, transaction, chance }) {
    const tablet = play.tablet(index);
    if (!(await play.ready(tablet))) return;
    const { words, args } = await generate(play, tablet, chance, name);
    tablet.network.up([], createRandom("disk", chance));
    const { database } = tablet;
    const before = database.failed;
    database.failAt({ fault, transaction });
    if (args) await capture(play, tablet, name, args, words);
    if (tablet.alive) await tablet.run(() => tablet.local.syncNow());
    await play.quiet();
    database.failAt(null);
    tablet.network.down();
    play.counts.F09 += database.failed - before;
  },

  async "hand-over"(play, { tablet: index, network, chance }) {
    const tablet = play.tablet(index);
    if (!(await play.ready(tablet))) return;
    const { words, args } = await generate(play, tablet, chance, "patient.register");
    if (!args) return;
    tablet.network.up(network, createRandom("hand-over", chance));
    const first = tablet.local;
    let saved = false;
    await tablet.handOver(async () => {
      saved = await capture(play, tablet, "patient.register", args, words);
    });
    await play.quiet();
    tablet.network.down();
    if (!saved) play.witness.violated("I9", `tablet ${index} lost what stood on the screen of its first tab`);
    const { state } = first.session.get();
    if (state !== "elsewhere") play.witness.violated("I3", `two tabs of tablet ${index} work: ${state}`);
  },

  async clock(play, { tablet: index, days }) {
    const tablet = play.tablet(index);
    if (!tablet.alive) return;
    const ahead = Math.round(days * DAY);
    if (ahead !== tablet.clock.ahead) play.counts.F10++;
    tablet.clock.ahead = ahead;
  },

  async away(play, { chance }) {
    play.clock.pass(AWAY);
    play.clock.runDue();
    await play.quiet();
    for (const tablet of play.tablets) {
      if (!tablet.alive || tablet.local.session.get().state !== "expired") continue;
      play.counts.F20++;
      checkDark(play, tablet);
      for (const name of ["patient.register", "capture.write", "capture.write"] as const) {
        const { words, args } = await generate(play, tablet, chance, name);
        if (args) await capture(play, tablet, name, args, words);
      }
    }
  },

  async disable(play, { tablet: index, meanwhile, chance }) {
    const { username } = play.tablet(index).plan;
    const theirs = play.tablets.filter(({ plan, alive }) => plan.username === username && alive);
    if (play.shutOut.has(username) || theirs.length === 0) return;
    if (theirs.some(isQueueing)) play.counts.F18++;
    play.shutOut.add(username);
    const together = meanwhile ? syncTogether(play, theirs, [], chance) : Promise.resolve();
    const { userId } = await setDisabled(play.server, username, true);
    // A push that was let in before may still be on its way to its commit, also one that a closed tab gave up.
    await together;
    await play.server.idle();
    const from = await play.server.head();
    play.witness.shutOut.push({ userId, from, until: null });
  },

  async staffing(play, { tablet: index, meanwhile, chance }) {
    const { username } = play.tablet(index).plan;
    const theirs = play.tablets.filter(({ plan, alive }) => plan.username === username && alive);
    if (play.shutOut.has(username) || theirs.length === 0) return;
    const random = createRandom("staffing", chance);
    const roles = await rolesOf(play.server, username);
    const others = grantable.filter((one) => !roles.includes(one));
    const narrower = others.length === 0 || (roles.length > 1 && random.chance(0.6));
    const role = random.pick(narrower ? roles : others);
    const queueing = theirs.some(
      (tablet) => isQueueing(tablet) && tablet.local.session.get().user?.role === role,
    );
    const together = meanwhile ? syncTogether(play, theirs, [], chance) : Promise.resolve();
    const change = await changeRole(play.server, username, narrower ? "role.remove" : "role.grant", role);
    await together;
    await play.server.idle();
    // What was let in before a role was taken away may still have been on its way to its commit.
    const from = narrower ? await play.server.head() : change.seq;
    play.witness.staffing.push({ userId: change.userId, role, held: !narrower, from });
    if (!narrower) play.counts.F18W++;
    else if (queueing) play.counts.F18N++;
  },

  enable: (play, { tablet }) => letIn(play, play.tablet(tablet).plan.username),

  async wipe(play, { tablet: index, network, kill, chance }) {
    const tablet = play.tablet(index);
    if (!(await play.ready(tablet))) return;
    const device = await tablet.whileAlive(tablet.database.device.get("this"));
    // A clinic that went back to before this tablet does not list it yet.
    if (!device || !(await knowsDevice(play.server, device.id))) return;
    const { words, args } = await generate(play, tablet, chance, "patient.register");
    if (args) await capture(play, tablet, "patient.register", args, words);
    const queueing = tablet.alive && isQueueing(tablet);
    tablet.network.up(network, createRandom("wipe", chance));
    const pushing = tablet.run(() => tablet.local.syncNow());
    play.witness.lost.push({ deviceId: device.id, from: await wipeDevice(play.server, device.id) });
    await pushing;
    if (queueing) play.counts.F21++;
    tablet.arm(kill);
    if (tablet.alive) await tablet.run(() => tablet.local.syncNow());
    await play.goOnWiping(tablet);
    tablet.arm(null);
    tablet.network.down();
  },

  async "sign-twice"(play, { network, chance }) {
    const pair = twins(play);
    if (!pair) return;
    for (const tablet of pair) if (!(await play.ready(tablet))) return;
    const noteId = sharedDraft(pair, chance) ?? (await writeDraft(play, pair, chance));
    let signed = 0;
    for (const tablet of pair) {
      const shown = tablet.alive ? tablet.rows("note").find(({ id }) => id === noteId) : null;
      if (shown?.status !== "draft") continue;
      const { id, revisionId, content } = shown;
      const args = { id, revisionId, hash: revisionHash(id, content) };
      if (await capture(play, tablet, "note.sign", args, [])) signed++;
    }
    if (signed === 2) play.counts.F22++;
    await syncTogether(play, pair, network, chance);
  },

  async "change-apart"(play, { network, chance }) {
    const [first, second] = createRandom("pair", chance).shuffle(play.tablets);
    if (!first || !second || !(await play.ready(first)) || !(await play.ready(second))) return;
    const id = sharedPatient(first, second, chance);
    let changed = 0;
    for (const tablet of [first, second]) {
      const words = [play.witness.word(), play.witness.word()];
      const [familyName, preferredName] = words;
      if (!id || !familyName || !preferredName) return;
      const args = { id, familyName, preferredName };
      if (await capture(play, tablet, "patient.update", args, words)) changed++;
    }
    if (changed === 2) play.counts.F25++;
    await syncTogether(play, [first, second], network, chance);
  },
};

const isQueueing = ({ local }: PlayedTablet): boolean =>
  local.outbox.get().some(({ status }) => status === "waiting");

/** Their tablets deliver what waits in the device's name first; then they may work again. */
export async function letIn(play: Play, username: string): Promise<void> {
  if (!play.shutOut.has(username)) return;
  const theirs = play.tablets.filter(({ plan, alive }) => plan.username === username && alive);
  for (let round = 0; round < 3; round++) {
    for (const tablet of theirs) tablet.network.up([], createRandom("deliver"));
    play.clock.pass(31_000);
    play.clock.runDue();
    await play.quiet();
  }
  for (const tablet of theirs) tablet.network.down();
  const { userId, seq } = await setDisabled(play.server, username, false);
  play.shutOut.delete(username);
  const period = play.witness.shutOut.find((one) => one.userId === userId && one.until === null);
  if (period) period.until = seq;
}

async function syncTogether(
  play: Play,
  tablets: readonly PlayedTablet[],
  network: readonly NetFault[],
  chance: number,
): Promise<void> {
  for (const tablet of tablets) tablet.network.up(network, createRandom("together", chance, tablet.index));
  await Promise.all(tablets.map((tablet) => tablet.run(() => tablet.local.syncNow())));
  await play.quiet();
  for (const tablet of tablets) tablet.network.down();
}

function sharedDraft([first, second]: readonly PlayedTablet[], chance: number): string | null {
  const held = new Set(second?.rows("note").map(({ id }) => id));
  const drafts = first?.rows("note").filter(({ id, status }) => status === "draft" && held.has(id)) ?? [];
  return drafts.length > 0 ? createRandom("draft", chance).pick(drafts).id : null;
}

/** A patient that both show. */
function sharedPatient(first: PlayedTablet, second: PlayedTablet, chance: number): string | null {
  const held = new Set(second.rows("patient").map((patient) => patient.id));
  const both = first
    .rows("patient")
    .map((patient) => patient.id)
    .filter((id) => held.has(id) && !reserved.has(id))
    .sort();
  return both.length > 0 ? createRandom("shared", chance).pick(both) : null;
}

/** One of them writes, and both get it. */
async function writeDraft(
  play: Play,
  pair: readonly [PlayedTablet, PlayedTablet],
  chance: number,
): Promise<string | null> {
  const { words, args } = await generate(play, pair[0], chance, "note.revise");
  if (!args || !(await capture(play, pair[0], "note.revise", args, words))) return null;
  for (let round = 0; round < 2; round++) await syncTogether(play, pair, [], chance);
  return args.id;
}

/** Two tablets of one person, if there are any. */
function twins({ tablets }: Play): readonly [PlayedTablet, PlayedTablet] | null {
  for (const [index, first] of tablets.entries()) {
    const second = tablets.slice(index + 1).find(({ plan }) => plan.username === first.plan.username);
    if (second) return [first, second];
  }
  return null;
}

/** F20: when the offline time is over, nothing that was pulled is shown. */
function checkDark({ witness }: Play, tablet: PlayedTablet): void {
  for (const name of collectionNames)
    if (collections[name].local && tablet.rows(name).length > 0)
      witness.violated("I4", `tablet ${tablet.index} shows ${name} rows after its offline time`);
}

/** F21: a tablet that says that it was wiped shows nothing, and holds neither keys nor anything to read. */
export async function checkWiped({ witness }: Play, tablet: PlayedTablet): Promise<void> {
  const { database, index, local } = tablet;
  if (local.session.get().state !== "wiped") return;
  for (const name of collectionNames)
    if (collections[name].local && tablet.rows(name).length > 0)
      witness.violated("I4", `tablet ${index} shows ${name} rows after it was wiped`);
  const keys = (await database.users.count()) + (await database.streams.count());
  if (keys > 0) witness.violated("I4", `tablet ${index} holds ${keys} keys after it was wiped`);
  const raw = await rawDisk(database);
  const words = witness.captured.flatMap((one) => one.words).filter((word) => raw.includes(word));
  if (words.length > 0) witness.violated("I13", `tablet ${index} was wiped and has ${words[0]} in the clear`);
  if (!local.session.get().wipe?.done) return;
  const left =
    (await database.rows.count()) + (await database.outbox.count()) + (await database.sent.count());
  if (left > 0) witness.violated("I4", `tablet ${index} still stores ${left} records of the device it was`);
}
