import { p, Type } from "@mikro-orm/core";

/** `timestamptz` as the RFC 3339 text that the domain uses. */
class InstantColumn extends Type<string, string> {
  override convertToDatabaseValue(value: string): string {
    return value;
  }

  override convertToJSValue(value: string | Date): string {
    return (value instanceof Date ? value : new Date(value)).toISOString();
  }

  override getColumnType(): string {
    return "timestamptz(6)";
  }

  override compareAsType(): string {
    return "string";
  }
}

/** An instant, stored as `timestamptz`, read as `2027-01-12T14:15:00.000Z`. */
export const instantColumn = () => p.type(InstantColumn).$type<string>();

/** The columns that every synced table has besides its own. `version` grows by one with each change. */
export const rowColumns = {
  id: p.uuid().primary(),
  version: p.integer().version(),
  stream: p.text().nullable().persist(false).hydrate(false),
};
