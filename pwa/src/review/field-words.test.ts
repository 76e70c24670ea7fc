import { expect, it } from "vitest";
import type * as z from "zod";
import { mutations } from "#domain/registry.ts";
import { i18n } from "#pwa/language/language.ts";
import { hasName, isShown } from "./field-words.ts";

it("every argument of every change has a name that people read, or is left out on purpose", () => {
  const missing = [...mutations].flatMap(([name, { mutation }]) =>
    Object.keys((mutation.args as unknown as z.ZodObject).shape)
      .filter((field) => field !== "content" && isShown(field) && !hasName(i18n, field))
      .map((field) => `${name}: ${field}`),
  );
  expect(missing).toEqual([]);
});
