/** Fields with clinical words: no service of the browser or the tablet reads along (C28). */
export const clinicalText = {
  spellCheck: false,
  autoCorrect: "off",
  autoComplete: "off",
  autoCapitalize: "sentences",
} as const;

/** Fields with numbers that are measured. */
export const clinicalNumber = {
  ...clinicalText,
  autoCapitalize: "off",
  inputMode: "decimal",
  enterKeyHint: "next",
} as const;
