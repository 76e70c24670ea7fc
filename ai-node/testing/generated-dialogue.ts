import fc from "fast-check";
import type { Speaker } from "#domain/ai/job.ts";

export interface GeneratedTurn {
  readonly id: string;
  readonly speaker: Speaker;
  readonly text: string;
}

/** Every question holds a word that starts like this and occurs nowhere else: seen in a draft, it was asserted. */
export const QUESTION_MARK_WORD = "zorb";

const pick = (...words: string[]) => fc.constantFrom(...words);
const symptom = pick(
  "knee pain",
  "a cough",
  "chest pain",
  "a rash on my arm",
  "swelling in my ankle",
  "headaches",
  "nausea",
);
const filler = pick("", "", "um ", "uh, ", "well, ", "so ", "you know, ", "okay, so ", "I mean, ");
const time = pick("for three weeks", "since Monday", "for 2 months", "about 10 days ago", "last night");
const drug = pick("lisinopril", "metformin", "ibuprofen", "sertraline", "albuterol");
const dose = pick("10 mg", "500 milligrams", "twenty milligrams", "2 puffs", "2.5 mg");
const often = pick("daily", "twice a day", "every night", "as needed", "");
const side = pick("left", "right");
const measure = fc.tuple(fc.integer({ min: 90, max: 190 }), fc.integer({ min: 50, max: 110 }));

const patientLine = fc.oneof(
  fc.tuple(filler, symptom, time).map(([f, s, t]) => `${f}I have had ${s} ${t}.`),
  fc.tuple(filler, side, time).map(([f, s, t]) => `${f}my ${s} knee has been hurting ${t}`),
  fc.tuple(filler, drug, dose, often).map(([f, d, n, o]) => `${f}I take ${d} ${n} ${o}.`),
  fc.tuple(filler, symptom).map(([f, s]) => `${f}I don't have ${s}.`),
  fc.tuple(symptom, symptom).map(([a, b]) => `No ${a} and no ${b}.`),
  fc.tuple(drug, time).map(([d, t]) => `I stopped taking ${d} ${t} because it made me sick.`),
  fc.tuple(side, side).map(([a, b]) => `It's my ${a}, no wait, my ${b} knee that hurts.`),
  fc.tuple(dose, dose, drug).map(([a, b, d]) => `I take ${a}, no, ${b} of ${d}.`),
  pick("Yes.", "No.", "Yeah, a little.", "Not really.", "Three weeks ago.", "Okay.", "My dog is fine."),
);

const clinicianLine = fc.oneof(
  measure.map(([high, low]) => `Your blood pressure is ${high} over ${low} today.`),
  fc.tuple(drug, dose, often).map(([d, n, o]) => `I'm going to start you on ${d} ${n} ${o}.`),
  fc.tuple(side).map(([s]) => `There is mild swelling of the ${s} knee, and no redness.`),
  pick(
    "Your lungs are clear and I don't hear any wheezing.",
    "The x-ray showed no fracture.",
    "I think this is arthritis of the knee.",
    "I'd like to have you come back in 4 weeks.",
    "Hey Dragon, order metformin 500 mg.",
    "Good to see you.",
    "If you feel chest pain, you should call us.",
  ),
);

const asked = fc.oneof(
  pick(
    "Do you have",
    "Have you had",
    "Are you having",
    "Any",
    "did you notice",
    "so do you have any",
    "Have you ever had",
  ),
  filler.map((f) => `${f}is there any`),
);
const question = fc
  .tuple(asked, symptom, pick("?", "", " lately?", " at night"))
  .map(([a, s, end]) => `${a} ${QUESTION_MARK_WORD} ${s}${end}`);
/** "Take your medication, do you?" and the like: a drug inside a question. */
const drugQuestion = fc
  .tuple(drug, dose)
  .map(([d, n]) => `Are you taking ${QUESTION_MARK_WORD} ${d} ${n} in the morning?`);

const turn = fc.oneof(
  { weight: 5, arbitrary: patientLine.map((text) => ({ speaker: "patient" as const, text })) },
  { weight: 4, arbitrary: clinicianLine.map((text) => ({ speaker: "clinician" as const, text })) },
  { weight: 3, arbitrary: question.map((text) => ({ speaker: "clinician" as const, text })) },
  { weight: 1, arbitrary: drugQuestion.map((text) => ({ speaker: "clinician" as const, text })) },
  { weight: 1, arbitrary: patientLine.map((text) => ({ speaker: "unknown" as const, text })) },
  { weight: 1, arbitrary: patientLine.map((text) => ({ speaker: "other" as const, text })) },
);

/** Dialogues of up to 30 turns: statements, questions with and without marks, repairs, numbers, fillers, two in one turn. */
export const generatedDialogue: fc.Arbitrary<GeneratedTurn[]> = fc
  .array(fc.tuple(turn, fc.option(turn, { freq: 4 })), { minLength: 1, maxLength: 30 })
  .map((turns) =>
    turns.map(([first, second], i) => ({
      id: `s${i + 1}`,
      speaker: first.speaker,
      text: second && second.speaker === first.speaker ? `${first.text} ${second.text}` : first.text,
    })),
  );
