import { addendum } from "./addendum/index.ts";
import { alert } from "./alert/index.ts";
import { allergy } from "./allergy/index.ts";
import { appointment } from "./appointment/index.ts";
import { breakGlass } from "./break-glass/index.ts";
import { capture } from "./capture/index.ts";
import { careTeam } from "./care-team/index.ts";
import type { Collection, Mutation, Row } from "./collection.ts";
import { demographicsReview } from "./demographics-review/index.ts";
import { device } from "./device/index.ts";
import { emergencyAccess } from "./emergency-access/index.ts";
import { encounter } from "./encounter/index.ts";
import { handover } from "./handover/index.ts";
import { immunization } from "./immunization/index.ts";
import { medication } from "./medication/index.ts";
import { message } from "./message/index.ts";
import { noneKnown } from "./none-known/index.ts";
import { note } from "./note/index.ts";
import { patient } from "./patient/index.ts";
import { problem } from "./problem/index.ts";
import { quarantine } from "./quarantine/index.ts";
import { recording } from "./recording/index.ts";
import { room } from "./room/index.ts";
import { safetyCard } from "./safety-card/index.ts";
import { sentMessage } from "./sent-message/index.ts";
import { slotLease } from "./slot-lease/index.ts";
import { staff } from "./staff/index.ts";
import { task } from "./task/index.ts";
import { token } from "./token/index.ts";
import { transcript } from "./transcript/index.ts";
import { visitType } from "./visit-type/index.ts";
import { vitals } from "./vitals/index.ts";
import { waitList } from "./wait-list/index.ts";
import { workingHours } from "./working-hours/index.ts";

/**
 * Every collection of the practice, in the order a new device receives them. The server, the tablet, the simulator,
 * the generated reference and the tests iterate this list; a new slice joins all of them by standing here.
 */
export const collections = {
  staff,
  room,
  "visit-type": visitType,
  "working-hours": workingHours,
  patient,
  "demographics-review": demographicsReview,
  "safety-card": safetyCard,
  "care-team": careTeam,
  appointment,
  "slot-lease": slotLease,
  "wait-list": waitList,
  encounter,
  task,
  message,
  "sent-message": sentMessage,
  handover,
  alert,
  allergy,
  medication,
  problem,
  immunization,
  vitals,
  "none-known": noneKnown,
  note,
  addendum,
  recording,
  transcript,
  capture,
  quarantine,
  device,
  token,
  "emergency-access": emergencyAccess,
  "break-glass": breakGlass,
} as const;

export type CollectionName = keyof typeof collections;
export const collectionNames = Object.keys(collections) as CollectionName[];
export const isCollectionName = (name: string): name is CollectionName => Object.hasOwn(collections, name);

/** The row type of a collection: `RowOf<"appointment">`. */
export type RowOf<N extends CollectionName> =
  (typeof collections)[N] extends Collection<infer R, infer _M> ? R : never;

type MutationsOf<N extends CollectionName> = (typeof collections)[N]["mutations"];
export type MutationName = {
  [N in CollectionName]: `${N}.${Extract<keyof MutationsOf<N>, string>}`;
}[CollectionName];

/** The arguments of a mutation as a caller gives them, by its full name: `ArgsOf<"appointment.book">`. */
export type ArgsOf<K extends MutationName> = K extends `${infer N extends CollectionName}.${infer V}`
  ? V extends keyof MutationsOf<N>
    ? MutationsOf<N>[V] extends Mutation<infer _R, infer _A, infer I>
      ? I
      : never
    : never
  : never;

export interface FoundMutation {
  readonly collection: Collection<Row>;
  readonly collectionName: CollectionName;
  readonly mutation: Mutation<Row, Row>;
}

/** Every mutation by its full name, e.g. `appointment.book`. */
export const mutations: ReadonlyMap<string, FoundMutation> = new Map(
  collectionNames.flatMap((collectionName) => {
    const collection = collections[collectionName] as unknown as Collection<Row>;
    return Object.entries(collection.mutations).map(([verb, mutation]) => [
      `${collectionName}.${verb}`,
      { collection, collectionName, mutation: mutation as unknown as Mutation<Row, Row> },
    ]);
  }),
);
