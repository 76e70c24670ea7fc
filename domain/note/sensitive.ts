import { folded } from "../kernel/fold.ts";

/**
 * Beginnings of words that tell of mental health, reproduction and violence. What is said of these may harm when somebody
 * reads along, so that a tray keeps it shut until it is asked for (C18). A list that names too much costs one tap.
 */
const beginnings = [
  // Mental health
  "anorex",
  "anxi",
  "bipolar",
  "bulimi",
  "depress",
  "hallucinat",
  "hopeless",
  "manic",
  "overdos",
  "panic",
  "paranoi",
  "psych",
  "ptsd",
  "schizo",
  "self harm",
  "suicid",
  "therapist",
  "worthless",
  "kill myself",
  "hurt myself",
  "harm myself",
  "end my life",
  "want to die",
  "better off dead",
  "eating disorder",
  // Reproduction
  "abort",
  "birth control",
  "chlamydia",
  "condom",
  "contracep",
  "erect",
  "fertil",
  "gonorrh",
  "herpes",
  "libido",
  "menstru",
  "miscarr",
  "morning after",
  "pill for birth",
  "pregnan",
  "sex",
  "syphilis",
  "vasectom",
  // Violence
  "abus",
  "afraid of him",
  "afraid of her",
  "assault",
  "beat me",
  "beats me",
  "hit me",
  "hits me",
  "hurts me",
  "molest",
  "rape",
  "raping",
  "strangl",
  "threat",
  "traffick",
  "unsafe at home",
  "violen",
  "weapon",
];

/** Words that must stand whole, where a beginning would name half the language. */
const words = [
  "choke",
  "choked",
  "choking",
  "cutting",
  "gun",
  "guns",
  "hiv",
  "iud",
  "std",
  "stds",
  "sti",
  "stis",
  "voices",
];

/** Whether words tell of mental health, reproduction or violence (C18). */
export function isSensitive(text: string): boolean {
  const plain = folded(text).replace(/[^\p{Letter}\p{Number}]+/gu, " ");
  const said = ` ${plain.trim()} `;
  return beginnings.some((one) => said.includes(` ${one}`)) || words.some((one) => said.includes(` ${one} `));
}
