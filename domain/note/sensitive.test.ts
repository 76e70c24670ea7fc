import { describe, expect, it } from "vitest";
import { isSensitive } from "./sensitive.ts";

describe("C18 what a tray keeps shut", () => {
  it.each([
    "I have been feeling depressed since March.",
    "Sometimes I think about suicide.",
    "I want to hurt myself, self-harm, you know.",
    "I had a miscarriage last year.",
    "She may be pregnant.",
    "We stopped birth control.",
    "My partner hits me.",
    "I do not feel safe, he threatens me with a gun.",
    "They tested for HIV.",
    "There are guns in the house.",
    "I was treated for STDs.",
  ])("names '%s'", (said) => {
    expect(isSensitive(said)).toBe(true);
  });

  it.each([
    "The cough began three weeks ago.",
    "My blood pressure was 142 over 88.",
    "I take the pill in the morning with gunpowder tea.",
    "The chest pain is gone.",
    "He is stiff in the mornings.",
    "The stitches came out on Monday.",
  ])("leaves '%s'", (said) => {
    expect(isSensitive(said)).toBe(false);
  });
});
