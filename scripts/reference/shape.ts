import * as z from "zod";
import { idSchema } from "#domain/kernel/id.ts";
import { dateSchema, instantSchema, zoneSchema } from "#domain/kernel/instant.ts";
import { code, table } from "./markdown.ts";

type Shape = z.core.JSONSchema.BaseSchema & { named?: string };

const kernel: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [idSchema, "id"],
  [instantSchema, "instant"],
  [dateSchema, "date"],
  [zoneSchema, "time zone"],
]);

/** What the names of kernel types in the tables mean. */
export const kernelWords =
  "An *id* is a UUID in lower case, an *instant* RFC 3339 in UTC (`2027-01-12T14:15:00.000Z`), a *date* has no zone " +
  "(`1961-03-09`), a *time zone* is an IANA name. Members with a ? may be left out; all others are demanded, and a request " +
  "with unknown ones is refused.";

/** Schemas that have a name of their own: a table says the name instead of repeating their members. */
export type NamedShapes = ReadonlyMap<z.ZodType, string>;

function shapeOf(schema: z.ZodType, named: NamedShapes): Shape {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      const found = zodSchema as unknown as z.ZodType;
      const name = kernel.get(found) ?? (found === schema ? undefined : named.get(found));
      if (name) (jsonSchema as Shape).named = name;
    },
  }) as Shape;
}

const limits = (least: unknown, most: unknown, unit = ""): string => {
  const after = unit && ` ${unit}`;
  // Zod states the range of a whole number that has none.
  const low = typeof least === "number" && least > Number.MIN_SAFE_INTEGER ? least : undefined;
  const high = typeof most === "number" && most < Number.MAX_SAFE_INTEGER ? most : undefined;
  if (low !== undefined && high !== undefined)
    return low === high ? ` of ${low}${after}` : `, ${low} to ${high}${after}`;
  if (high !== undefined) return `, at most ${high}${after}`;
  return low !== undefined && low > 0 ? `, at least ${low}${after}` : "";
};

const patterns: Readonly<Record<string, string>> = {
  "^[0-9a-f]{64}$": "SHA-256 in hexadecimal",
  "^[\\w-]+$": "base64url",
  "^[\\w-]{16}$": "base64url of 12 bytes",
  "^[\\w-]{43}$": "base64url of 32 bytes",
  "^[\\w-]{86}$": "base64url of 64 bytes",
};

/** A record's values, one kind for every key. */
const valuesOf = (shape: Shape): Shape | undefined => {
  const values = shape.additionalProperties as Shape | boolean | undefined;
  return typeof values === "object" && Object.keys(values).length > 0 ? values : undefined;
};

/** A schema in a few words: `list of id, at most 200`. */
function words(shape: Shape): string {
  if (Array.isArray(shape.type))
    return shape.type.map((type) => words({ ...shape, type } as Shape)).join(" or ");
  if (shape.named) return shape.named;
  if (shape.const !== undefined) return code(JSON.stringify(shape.const));
  if (shape.enum) return shape.enum.map((value) => code(String(value))).join(" · ");
  const either = shape.anyOf ?? shape.oneOf;
  if (either) return either.map((part) => words(part as Shape)).join(" or ");
  if (shape.prefixItems || Array.isArray(shape.items))
    return `[${((shape.prefixItems ?? shape.items) as Shape[]).map(briefly).join(", ")}]`;
  switch (shape.type) {
    case "string":
      return `${patterns[shape.pattern ?? ""] ?? "text"}${limits(shape.minLength, shape.maxLength, "characters")}`;
    case "integer":
      return `whole number${limits(shape.minimum, shape.maximum)}`;
    case "number":
      return `number${limits(shape.minimum, shape.maximum)}`;
    case "boolean":
      return "yes or no";
    case "null":
      return "null";
    case "array":
      return `list of ${words((shape.items ?? {}) as Shape)}${limits(shape.minItems, shape.maxItems)}`;
    case "object":
      if (shape.properties) return "object";
      return valuesOf(shape) ? "object, one member each" : "object with any members";
    default:
      return "anything";
  }
}

/** Inside a pair or triple there is no room for limits. */
const briefly = (shape: Shape): string =>
  shape.named || shape.enum || shape.anyOf ? words(shape) : words(shape).split(",")[0]!;

/** The object whose members are listed under a member: itself, or what a list or a nullable holds. */
function inner(shape: Shape): { suffix: string; object: Shape } | undefined {
  if (shape.named) return undefined;
  if (shape.type === "object" && shape.properties) return { suffix: "", object: shape };
  if (shape.type === "array" && !Array.isArray(shape.items) && shape.items) {
    const found = inner(shape.items as Shape);
    return found && { suffix: `[]${found.suffix}`, object: found.object };
  }
  const values = valuesOf(shape);
  const each = values && inner(values);
  if (each) return { suffix: `.‹name›${each.suffix}`, object: each.object };
  for (const part of shape.anyOf ?? []) {
    const found = inner(part as Shape);
    if (found) return found;
  }
  return undefined;
}

function* members(
  shape: Shape,
  comments: ReadonlyMap<string, string>,
  prefix = "",
): Generator<[name: string, type: string, meaning: string]> {
  const required = new Set(shape.required ?? []);
  for (const [name, value] of Object.entries(shape.properties ?? {})) {
    const member = value as Shape;
    const type = words(member);
    const preset = member.default === undefined ? "" : ` Default ${code(JSON.stringify(member.default))}.`;
    yield [
      `${code(prefix + name)}${required.has(name) ? "" : " ?"}`,
      type,
      `${comments.get(prefix + name) ?? comments.get(name) ?? ""}${preset}`,
    ];
    const below = inner(member);
    if (below) yield* members(below.object, comments, `${prefix}${name}${below.suffix}.`);
  }
}

/**
 * Every member of an object schema as a table, with what the source says about it.
 *
 * @param comments by member; by its whole path, such as `restored.at`, where the name alone means something else
 */
export function shapeTable(
  schema: z.ZodType,
  comments: ReadonlyMap<string, string> = new Map(),
  named: NamedShapes = new Map(),
): string {
  const rows = [...members(shapeOf(schema, named), comments)];
  if (rows.length === 0) return words(shapeOf(schema, named));
  const explained = rows.some(([, , meaning]) => meaning !== "");
  return explained
    ? table(["Member", "Type", "Meaning"], rows)
    : table(
        ["Member", "Type"],
        rows.map(([name, type]) => [name, type]),
      );
}
