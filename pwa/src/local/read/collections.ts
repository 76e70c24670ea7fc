import type { RxJsonSchema } from "rxdb/plugins/core";
import type { LocalCollection } from "#domain/collection.ts";

/** A record as the reactive layer holds it. `row` is the domain's row with the waiting changes on top. */
export interface LocalDocument {
  readonly id: string;
  /** The domain collection. */
  readonly kind: string;
  readonly row: Readonly<Record<string, unknown>>;
}

const text = (maxLength: number) => ({ type: "string", maxLength });

/** One RxDB collection; `indexed` names members of `row` that lists are looked up by. */
function schema(indexed: Readonly<Record<string, number>>): RxJsonSchema<LocalDocument> {
  const properties = Object.fromEntries(
    Object.entries(indexed).map(([name, maxLength]) => [name, text(maxLength)]),
  );
  return {
    version: 0,
    primaryKey: "id",
    type: "object",
    properties: { id: text(36), kind: text(20), row: { type: "object", properties } },
    required: ["id", "kind", "row"],
    indexes: Object.keys(indexed).map((name) => `row.${name}`),
  } as RxJsonSchema<LocalDocument>;
}

/** Ids are UUIDs (36 characters), instants have 24. What names a patient is answered by the maps. */
export const localSchemas: Readonly<Record<LocalCollection, RxJsonSchema<LocalDocument>>> = {
  directory: schema({}),
  patient: schema({ familyName: 80 }),
  safety: schema({}),
  appointment: schema({ start: 24 }),
  encounter: schema({ appointmentId: 36 }),
  note: schema({}),
  fact: schema({}),
  recording: schema({ encounterId: 36 }),
  task: schema({}),
  ops: schema({}),
};

export const localCollections = Object.keys(localSchemas) as LocalCollection[];
