import { instant } from "#domain/kernel/instant.ts";
import type { ArgsOf, CollectionName, MutationName, RowOf } from "#domain/registry.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { Random } from "../random.ts";

/** What a person sees and has at hand when doing something. */
export interface Scene {
  readonly random: Random;
  readonly now: number;
  readonly userId: string;
  /** What the tablet shows, by id. */
  rows<N extends CollectionName>(name: N): readonly RowOf<N>[];
  /** What the clinic refused of this tablet's work. */
  refused(): readonly PushedMutation[];
  /** A word that nobody typed before; the simulator looks for it later. */
  typed(): string;
  /** Recordings that have sound: what ends them is the recorder. */
  readonly sounds: ReadonlySet<string>;
  /** A content key sealed to the clinic, as a recording needs one. */
  sealedKey(): Promise<string>;
  /** Patients that people never touch: see the world's planted charts and pairs. */
  readonly reserved: ReadonlySet<string>;
}

/** Arguments that make sense now, or null when there is nothing to do it with. */
export type Generator<K extends MutationName> = (
  scene: Scene,
) => ArgsOf<K> | null | Promise<ArgsOf<K> | null>;

export const one = <T>({ random }: Scene, list: readonly T[]): T | null =>
  list.length > 0 ? random.pick(list) : null;

export const patients = (scene: Scene) => scene.rows("patient").filter(({ id }) => !scene.reserved.has(id));

/** Few slots, so that tablets meet on them. */
export function slot({ random, now }: Scene): { start: string; minutes: number } {
  const hour = Math.ceil(now / 3_600_000) * 3_600_000;
  return { start: instant(hour + random.below(12) * 900_000), minutes: random.pick([15, 30]) };
}

export const clinicians = (scene: Scene) =>
  scene.rows("staff").filter(({ roles }) => roles.includes("clinician"));

export const openVisits = (scene: Scene) =>
  scene.rows("encounter").filter(({ status }) => status === "in-progress");

export const booked = (scene: Scene) =>
  scene.rows("appointment").filter(({ patientId }) => !scene.reserved.has(patientId));
