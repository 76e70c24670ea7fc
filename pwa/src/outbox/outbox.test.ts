import { expect, test } from "vitest";
import { FakeClinic } from "../local/testing/fake-clinic.ts";
import { registration } from "../local/testing/people.ts";
import { signInFresh, startTablet } from "../local/testing/tablet.ts";
import { runsOf } from "../note/note-text.ts";

const half = "\ud83d";

test("half an emoji or a NUL in what was typed is replaced; everything else is saved and arrives", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  await tablet.local.mutate("patient.register", registration(`Smi${half}th\u0000 😀`));
  await tablet.local.syncNow();
  expect([...clinic.rows.values()].map(({ data }) => data.familyName)).toEqual(["Smi\ufffdth\ufffd 😀"]);
  await tablet.local.close();
});

test("the note's words leave the editor well formed, a whole pair across two pieces stays whole", () => {
  const typed = (...texts: string[]) =>
    runsOf({
      type: "doc",
      content: [{ type: "paragraph", content: texts.map((text) => ({ type: "text", text })) }],
    });
  expect(typed(`cough ${half}`)).toEqual([{ text: "cough \ufffd", origin: "typed" }]);
  expect(typed(half, "\ude00")).toEqual([{ text: "😀", origin: "typed" }]);
});
