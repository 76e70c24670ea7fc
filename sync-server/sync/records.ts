import type { EntityClass } from "@mikro-orm/core";
import type { EntityManager } from "#server/database/database.ts";
import type { ServerSlice, StoredRow } from "./slice.ts";

interface Member {
  readonly name: string;
  readonly column: string;
  convert(value: unknown): unknown;
}

const known = new WeakMap<EntityClass<StoredRow>, readonly Member[]>();

/** How a table's columns become a record's members: what the ORM makes of them, without an entity that it watches. */
function membersOf(em: EntityManager, entity: EntityClass<StoredRow>): readonly Member[] {
  const platform = em.getPlatform();
  const members =
    known.get(entity) ??
    em.getMetadata(entity).props.flatMap(({ name, fieldNames, persist, customType }): Member[] => {
      const column = fieldNames?.[0];
      if (persist === false || column === undefined) return [];
      const convert = (value: unknown): unknown =>
        customType && value !== null ? customType.convertToJSValue(value, platform) : value;
      return [{ name, column, convert }];
    });
  known.set(entity, members);
  return members;
}

/** Records by id, in no order, to be read only. */
export async function findRecords(
  em: EntityManager,
  { entity }: Pick<ServerSlice, "entity">,
  ids: readonly string[],
): Promise<StoredRow[]> {
  const members = membersOf(em, entity);
  const { tableName } = em.getMetadata(entity);
  const rows: Record<string, unknown>[] = await em.execute(
    `select ${members.map(({ column }) => `"${column}"`).join(", ")} from "${tableName}" where id = any(?::uuid[])`,
    [`{${ids.join(",")}}`],
  );
  return rows.map((row) => {
    const record: Record<string, unknown> = {};
    for (const { name, column, convert } of members) record[name] = convert(row[column]);
    return record as unknown as StoredRow;
  });
}
