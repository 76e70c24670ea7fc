import { describe, expect, test } from "vitest";
import { type NoteDraft, noteDraftSchema, type Speaker } from "#domain/ai/job.ts";
import { draftNote } from "./draft.ts";

const speakers: Record<string, Speaker> = { D: "clinician", P: "patient", O: "other", U: "unknown" };

/** `D: …` and `P: …` lines to a draft; ids are s1, s2, … */
function draftOf(dialogue: string, sex?: string): NoteDraft {
  const segments = dialogue
    .trim()
    .split("\n")
    .map((line, i) => ({ id: `s${i + 1}`, speaker: speakers[line.trim()[0]!]!, text: line.trim().slice(3) }));
  return draftNote(segments, sex ? { sex } : {});
}
const texts = (draft: NoteDraft, section?: string): string[] =>
  draft.sections
    .filter(({ id }) => !section || id === section)
    .flatMap(({ sentences }) => sentences.map(({ text }) => text));
/** The one sentence that a patient's statement becomes. */
const patient = (text: string, sex?: string) => texts(draftOf(`P: ${text}`, sex)).join(" ");
const clinician = (text: string, sex?: string) => texts(draftOf(`D: ${text}`, sex)).join(" ");

describe("a visit", () => {
  const draft = draftOf(
    `D: Good morning. What brings you in today?
     P: Um, well, my left knee has been hurting for, uh, three weeks.
     D: Do you have any fever or chills?
     P: No, I have not had a fever.
     P: I take ibuprofen 400 milligrams two times a day and it helps a little.
     P: I'm allergic to penicillin.
     P: My daughter's soccer team won on Sunday.
     D: Let's take a look. There is mild swelling of the left knee and no redness.
     D: Your blood pressure is 132 over 84.
     D: The x-ray showed no fracture.
     D: I think this is osteoarthritis of the left knee.
     D: I'm going to refer you to physical therapy, and I'd like you to come back in four weeks.`,
    "female",
  );

  test("is put where it belongs, in the third person, with its evidence", () => {
    const lines = draft.sections.flatMap(({ id, sentences }) =>
      sentences.map(({ text, evidence }) => `${id} ${evidence.join()} ${text}`),
    );
    expect(lines).toEqual([
      "subjective s2 Her left knee has been hurting for three weeks.",
      "subjective s4 She has not had a fever.",
      "subjective s5 She takes ibuprofen 400 milligrams two times a day and it helps a little.",
      "subjective s6 She is allergic to penicillin.",
      "objective_exam s8 There is mild swelling of the left knee and no redness.",
      "objective_exam s9 Her blood pressure is 132 over 84.",
      "objective_results s10 The x-ray showed no fracture.",
      "assessment_and_plan s11 I think this is osteoarthritis of the left knee.",
      "assessment_and_plan s12 I will refer her to physical therapy, and I'd like her to come back in four weeks.",
    ]);
  });

  test("lists medications as said and keeps allergies out of them", () => {
    expect(draft.medications).toEqual([
      {
        name: "ibuprofen",
        dose: "400 milligrams",
        frequency: "two times a day",
        status: "taking",
        evidence: ["s5"],
      },
    ]);
  });

  test("lists the question whose answer says nothing alone", () => {
    expect(draft.omitted).toContainEqual({
      text: "Do you have any fever or chills?",
      kind: "question",
      evidence: ["s3", "s4"],
    });
  });

  test("has the shape of the wire", () => {
    expect(noteDraftSchema.safeParse(draft).error).toBeUndefined();
  });
});

describe("no speech, no note", () => {
  test.each([
    ["nothing", []],
    ["an inaudible segment", [{ id: "s1", speaker: "patient" as const, text: "[inaudible]" }]],
    [
      "half a sentence",
      [{ id: "s1", speaker: "patient" as const, text: "I don't have [inaudible] chest pain." }],
    ],
    ["empty text", [{ id: "s1", speaker: "patient" as const, text: " … " }]],
    ["greetings", [{ id: "s1", speaker: "clinician" as const, text: "Hello, how are you?" }]],
    [
      "small talk",
      [{ id: "s1", speaker: "patient" as const, text: "The weather is lovely, and my garden too." }],
    ],
  ])("%s", (_, segments) => {
    expect(draftNote(segments)).toMatchObject({ sections: [], medications: [], removed: [] });
  });
});

describe("questions are never asserted", () => {
  test.each([
    "Is it on the right or left?",
    "is it on the right or left",
    "Okay so do you have any chest pain",
    "any fever chills nausea vomiting",
    "And how long has the knee pain been going on",
    "You take lisinopril, right?",
    "Have you ever had surgery on your knee",
    "what kind of pain is it",
    "When did the swelling start",
    "and are you still smoking",
    "Could you be pregnant",
    "Um, the pain, is it worse at night",
    "Chest pain?",
    "Do you want me to refill your metformin?",
  ])("clinician: %s", (question) => {
    const draft = draftOf(`D: ${question}\nP: Okay.`);
    expect(texts(draft)).toEqual([]);
    expect(draft.medications).toEqual([]);
  });

  test("nor a patient's question", () => {
    expect(patient("Will I need surgery on my knee?")).toBe("");
    expect(patient("do I have diabetes")).toBe("");
  });

  test.each(["Yes.", "No.", "Yeah, I do.", "No, never."])("nor a statement answered %s", (answer) => {
    expect(texts(draftOf(`D: You smoke cigarettes.\nP: ${answer}`))).toEqual([]);
    expect(texts(draftOf(`D: No chest pain or shortness of breath.\nP: ${answer}`))).toEqual([]);
  });

  test.each(["No.", "Yes."])("nor a drug or symptom put to the patient and answered %s", (answer) => {
    const draft = draftOf(
      `D: You take lisinopril every day.\nP: ${answer}\nD: You've had chest pain for weeks.\nP: ${answer}`,
    );
    expect(texts(draft)).toEqual([]);
    expect(draft.medications).toEqual([]);
  });

  test("but a plan stays a plan when the patient says yes to it", () => {
    expect(texts(draftOf("D: I'm going to order an x-ray of your knee.\nP: Yes, okay."))).toEqual([
      "I will order an x-ray of the patient's knee.",
    ]);
    expect(clinician("What I'd like to do is order an MRI of your back.")).toContain("order an MRI");
    expect(clinician("I'd like to have you come back in two weeks.")).toContain("come back in two weeks");
  });
});

describe("known traps", () => {
  test("adverbs are not conjugated", () => {
    expect(patient("I first noticed the rash on my arm last week.")).toBe(
      "The patient first noticed the rash on the patient's arm last week.",
    );
    expect(patient("I usually take ibuprofen for the pain.")).toBe(
      "The patient usually takes ibuprofen for the pain.",
    );
  });

  test("decimals stay whole", () => {
    expect(clinician("Your a1c was 6.7 last month.")).toBe("The patient's a1c was 6.7 last month.");
    expect(clinician("your hemoglobin a1c was six . seven")).toBe(
      "The patient's hemoglobin a1c was six . seven.",
    );
  });

  test("hedges stay as said", () => {
    expect(clinician("Your blood pressure is a little bit high today.")).toBe(
      "The patient's blood pressure is a little bit high today.",
    );
    expect(patient("My chest feels kind of tight and painful.")).toContain("kind of tight");
  });

  test.each([
    "We won't – we gave you refills of metformin.",
    "Take ten, no, twenty milligrams of lisinopril.",
    "It's your left, I mean your right knee that has the swelling.",
    "Your potassium is low, sorry, the sodium is low.",
    "I'm going to increase, no wait, decrease your metoprolol.",
  ])("a self-repair is left to a person: %s", (text) => {
    const draft = draftOf(`D: ${text}`);
    expect(texts(draft)).toEqual([]);
    expect(draft.medications).toEqual([]);
    expect(draft.omitted).toEqual([{ text, kind: "unclear", evidence: ["s1"] }]);
  });

  test.each([
    "Hey Dragon, order lisinopril 10 mg.",
    "hey dragon show me the knee x-ray",
    "Show me the latest labs for diabetes.",
  ])("an order to a machine is no plan: %s", (text) => {
    const draft = draftOf(`D: ${text}`);
    expect(texts(draft)).toEqual([]);
    expect(draft.medications).toEqual([]);
  });

  test("no is never cut from a finding", () => {
    expect(patient("No chest pain and no shortness of breath.")).toBe(
      "No chest pain and no shortness of breath.",
    );
    expect(patient("No, I don't have any chest pain.")).toBe("The patient does not have any chest pain.");
    expect(patient("No, chest pain is not what I have.")).toMatch(/^$|^No, chest/);
  });

  test("right and well are only cut where they mean nothing", () => {
    expect(patient("Right knee pain since last week.")).toContain("Right knee pain");
    expect(patient("Right, so my knee pain is worse.")).toBe("The patient's knee pain is worse.");
    expect(clinician("Well controlled diabetes, I think.")).toContain("Well controlled diabetes");
  });

  test("unknown, male and female patients", () => {
    expect(patient("I hurt my back.")).toBe("The patient hurt the patient's back.");
    expect(patient("I hurt my back.", "male")).toBe("He hurt his back.");
    expect(patient("My back hurts me.", "F")).toBe("Her back hurts her.");
    expect(patient("I hurt my back.", "other")).toBe("The patient hurt the patient's back.");
  });

  test("you as subject and as object", () => {
    expect(clinician("If you feel chest pain, you should go to the emergency room.")).toBe(
      "If the patient feels chest pain, the patient should go to the emergency room.",
    );
    expect(clinician("I'll prescribe you amoxicillin and see you in a week.", "male")).toBe(
      "I will prescribe him amoxicillin and see him in a week.",
    );
  });

  test("text in tokens is read like text in words", () => {
    expect(patient("i do n't have any chest pain , you know , but my my my back hurts .")).toBe(
      "The patient does not have any chest pain but the patient's back hurts.",
    );
    expect(clinician("i wan na start you on some lasix , you know , 20 milligrams a day .")).toBe(
      "I wanna start the patient on some lasix 20 milligrams a day.",
    );
  });

  test("a clinician who introduces the patient tells history", () => {
    const draft = draftOf("D: Martha is a 50-year-old female who presents for her annual exam.");
    expect(draft.sections.map(({ id }) => id)).toEqual(["subjective"]);
  });

  test("repeated digits and words of emphasis stay", () => {
    expect(patient("My my knee hurts very very badly.")).toBe("The patient's knee hurts very very badly.");
    expect(patient("My blood sugar was two two five with a headache.")).toContain("two two five");
  });

  test("a verb that is not on the list is never guessed", () => {
    const draft = draftOf("P: I quaff beer for the pain.");
    expect(texts(draft)).toEqual([]);
    expect(draft.omitted).toEqual([
      { text: "I quaff beer for the pain.", kind: "symptom", evidence: ["s1"] },
    ]);
  });

  test("an answer that is no sentence keeps its question", () => {
    const draft = draftOf("D: When did the pain start?\nP: Three weeks ago, in my knee.");
    expect(texts(draft)).toEqual([]);
    expect(draft.omitted).toContainEqual({
      text: "Three weeks ago, in my knee.",
      kind: "answer",
      evidence: ["s1", "s2"],
    });
  });

  test("the same sentence twice is one sentence with both as evidence", () => {
    const draft = draftOf("P: My knee hurts a lot.\nD: Okay.\nP: My knee hurts a lot.");
    expect(draft.sections[0]!.sentences).toMatchObject([{ evidence: ["s1", "s3"] }]);
  });

  test("a companion's own words are not the patient's", () => {
    const draft = draftOf("O: I have diabetes and I take metformin.\nO: He has chest pain at night.");
    expect(texts(draft)).toEqual(["He has chest pain at night."]);
  });

  test("an unknown voice is judged by what it says", () => {
    expect(texts(draftOf("U: My knee has been hurting for weeks."))).toEqual([
      "The patient's knee has been hurting for weeks.",
    ]);
  });
});

describe("medications", () => {
  const listOf = (dialogue: string) =>
    draftOf(dialogue).medications.map(({ evidence, ...rest }) => ({ ...rest, evidence: evidence.join() }));

  test("pairs each drug with its own dose", () => {
    expect(listOf("P: I take lisinopril 10 mg daily and metformin 500 mg twice a day.")).toEqual([
      { name: "lisinopril", dose: "10 mg", frequency: "daily", status: "taking", evidence: "s1" },
      { name: "metformin", dose: "500 mg", frequency: "twice a day", status: "taking", evidence: "s1" },
    ]);
  });

  test("gives a drug no dose or frequency of the next one", () => {
    expect(listOf("P: I take aspirin and metformin 500 mg twice a day.")).toEqual([
      { name: "aspirin", status: "taking", evidence: "s1" },
      { name: "metformin", dose: "500 mg", frequency: "twice a day", status: "taking", evidence: "s1" },
    ]);
  });

  test("reads doses in words and before the name", () => {
    expect(listOf("D: I'm going to start you on ten milligrams of lisinopril every day.")).toEqual([
      {
        name: "lisinopril",
        dose: "ten milligrams",
        frequency: "every day",
        status: "starting",
        evidence: "s1",
      },
    ]);
  });

  test("says what was said about it", () => {
    const status = (line: string) => listOf(line).map(({ name, status: said }) => `${name} ${said}`);
    expect(status("P: I stopped taking lisinopril because of the cough.")).toEqual(["lisinopril stopping"]);
    expect(status("P: I don't take metformin anymore.")).toEqual(["metformin not_taking"]);
    expect(status("D: We will increase your metoprolol.")).toEqual(["metoprolol changing"]);
    expect(status("D: Your potassium was 4.1.")).toEqual([]);
  });

  test("never lists what was only asked about", () => {
    expect(listOf("D: Do you take aspirin?\nP: No.")).toEqual([]);
  });

  test("gives no dose that belongs to nothing", () => {
    expect(listOf("P: I take aspirin. My sugar was 200 mg.")).toEqual([
      { name: "aspirin", status: "taking", evidence: "s1" },
    ]);
  });
});
