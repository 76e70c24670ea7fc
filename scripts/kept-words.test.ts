import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const pages = fileURLToPath(new URL("../pwa/src", import.meta.url));
const typed = /<(Textarea|TextInput|BirthDateInput|SearchField|textarea)\b/;

/** Where somebody types and nothing is kept by `useKeptForm`, and why. */
const otherwise: Readonly<Record<string, string>> = {
  "account/code-field.tsx": "a secret of half a minute, or one that works once",
  "approval/request-approval.tsx": "a field of its dialogs, which keep it",
  "capture/capture.page.tsx": "sealed for the clinic alone at every pause; nobody may read it here again",
  "design/search-field.tsx": "a field of its forms, which keep it",
  "medication/dosage-fields.tsx": "fields of the form, which keeps them",
  "note/nurse-note-sheet.tsx": "a note, saved at every pause",
  "patient/birth-date-input.tsx": "a field of its forms, which keep it",
  "patient/demographics-fields.tsx": "fields of their forms, which keep them",
  "patient/finder/patient-finder.tsx": "one looks for somebody",
  "patient/patient-search.tsx": "one looks for somebody",
  "appointment/board/move-sheet.tsx": "a day and a time to choose, no words",
  "session/sign-in.page.tsx": "secrets, and who one is",
  "set-up/enter.page.tsx": "secrets, and who one is; nobody is there yet for whom it could be sealed",
  "session/you-dialogs.tsx": "secrets, and the name of a passkey that is made with them",
};

const files = globSync("**/*.tsx", { cwd: pages }).filter((file) =>
  typed.test(readFileSync(`${pages}/${file}`, "utf8")),
);

test("what a person types into a form is kept through a lock, or the list says why not", () => {
  const without = files.filter(
    (file) => !(file in otherwise) && !/\buseKeptForm\(/.test(readFileSync(`${pages}/${file}`, "utf8")),
  );
  expect(without).toEqual([]);
});

test("the list names only files in which somebody types", () => {
  expect(Object.keys(otherwise).filter((file) => !files.includes(file))).toEqual([]);
});

test("no secret is a kept field", () => {
  for (const file of globSync("**/*.tsx", { cwd: pages })) {
    const text = readFileSync(`${pages}/${file}`, "utf8");
    expect(text, file).not.toMatch(/useKept\([^)]*"(password|pin|code|secret|repeat)"/i);
  }
});
