import type { SpokenTurn } from "../../ai-node/testing/speech-synthesis/synthesize-dialogue.ts";

/** A short visit in two voices with known words. */
export const visitTurns: readonly SpokenTurn[] = [
  { speaker: "clinician", text: "Good morning. What brings you in today?" },
  { speaker: "patient", text: "I have had a headache and a dry cough for about three weeks." },
  { speaker: "clinician", text: "Are you taking any medicine for your blood pressure?" },
  { speaker: "patient", text: "I take one blood pressure pill every morning." },
  { speaker: "patient", text: "I have no chest pain and I sleep well at night." },
  { speaker: "clinician", text: "Your lungs are clear and your heart sounds are normal." },
  { speaker: "clinician", text: "We will stop that pill and check your blood pressure in two weeks." },
  { speaker: "patient", text: "Thank you, I will come back in two weeks." },
];
