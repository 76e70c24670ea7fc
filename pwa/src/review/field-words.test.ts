import { expect, it } from "vitest";
import type * as z from "zod";
import { collections, mutations } from "#domain/registry.ts";
import { i18n } from "#pwa/language/language.ts";
import { wordText } from "./choice-words.ts";
import { hasName, isShown, titleFields } from "./field-words.ts";

const shapeOf = (schema: unknown) => (schema as z.ZodObject).shape;

it("every argument of every change has a name that people read, or is left out on purpose", () => {
  const missing = [...mutations].flatMap(([name, { mutation }]) =>
    Object.keys(shapeOf(mutation.args))
      .filter((field) => field !== "content" && isShown(field) && !hasName(i18n, field))
      .map((field) => `${name}: ${field}`),
  );
  expect(missing).toEqual([]);
});

interface Definition {
  readonly type: string;
  readonly entries?: Readonly<Record<string, string>>;
  readonly innerType?: z.ZodType;
}

/** The choices that a field leaves, where it leaves some. */
function choicesOf(schema: z.ZodType): string[] {
  const { type, entries, innerType } = schema.def as unknown as Definition;
  if (type === "enum") return Object.values(entries!);
  return innerType ? choicesOf(innerType) : [];
}

it("no choice is shown as the word that the machine has for it", () => {
  const fields = [
    ...[...mutations.values()].flatMap(({ mutation }) => Object.entries(shapeOf(mutation.args))),
    ...Object.values(collections).flatMap(({ schema }) =>
      Object.entries(shapeOf(schema)).filter(([field]) => titleFields.includes(field)),
    ),
  ];
  const raw = fields
    .filter(([field]) => isShown(field))
    .flatMap(([field, schema]) => choicesOf(schema as z.ZodType).map((word) => [field, word] as const))
    .filter(([field, word]) => wordText(i18n, field, word) === word)
    .map(([field, word]) => `${field}: ${word}`);
  expect([...new Set(raw)].sort()).toEqual([]);
});
