import { expect, test } from "vitest";
import { sharedQuestion } from "./shared-question.ts";

/** A question whose answers are given by hand. */
function held() {
  const answers: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const ask = sharedQuestion(
    () => new Promise<number>((resolve, reject) => void answers.push({ resolve, reject })),
  );
  return { answers, ask };
}

test("who comes while it is being asked gets the next answer, and all who wait share it", async () => {
  const { answers, ask } = held();
  const first = ask();
  const others = [ask(), ask(), ask()];
  expect(answers).toHaveLength(1);
  answers[0]!.resolve(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(answers).toHaveLength(2);
  const late = ask();
  answers[1]!.resolve(2);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  await Promise.resolve();
  answers[2]!.resolve(3);
  expect(await late).toBe(3);
});

test("a failure is everybody's who waited for it, and the next one is asked anew", async () => {
  const { answers, ask } = held();
  const first = ask();
  const second = ask();
  answers[0]!.reject(new Error("database is away"));
  await expect(first).rejects.toThrow("away");
  await Promise.resolve();
  answers[1]!.resolve(2);
  expect(await second).toBe(2);
  const third = ask();
  answers[2]!.resolve(3);
  expect(await third).toBe(3);
});
