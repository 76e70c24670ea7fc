import { describe, expect, test } from "vitest";
import { verifySentence } from "./verify.ts";

const judge = (sentence: string, ...evidence: string[]) => {
  const verdict = verifySentence(sentence, evidence);
  return verdict.supported ? "supported" : verdict.reason;
};

describe("verifying a sentence against its evidence", () => {
  const said = "My left knee hurts, and I take 10 mg of lisinopril. I don't feel dizzy.";

  test.each([
    ["The patient's left knee hurts.", "supported"],
    ["The patient takes 10 mg of lisinopril.", "supported"],
    ["She does not feel dizzy.", "supported"],
    ["The patient takes 20 mg of lisinopril.", "number_not_said"],
    ["The patient takes ten mg of lisinopril.", "number_not_said"],
    ["The patient's right knee hurts.", "side_not_said"],
    ["The patient takes 10 mg of losartan.", "word_not_said"],
    ["The patient does not take lisinopril.", "negation_differs"],
    ["The patient feels dizzy.", "negation_differs"],
    ["The patient's left knee hurts badly.", "word_not_said"],
  ])("%s: %s", (sentence, verdict) => {
    expect(judge(sentence, said)).toBe(verdict);
  });

  test("nothing supports nothing", () => {
    expect(judge("The patient is well.")).toBe("no_evidence");
    expect(judge("The patient is well.", " … ")).toBe("no_evidence");
  });

  test("a leading no answers a question and negates nothing", () => {
    expect(judge("The patient takes aspirin.", "No, I take aspirin.")).toBe("supported");
    expect(judge("No chest pain.", "No chest pain.")).toBe("supported");
    expect(judge("Chest pain.", "No chest pain.")).toBe("negation_differs");
  });
});
