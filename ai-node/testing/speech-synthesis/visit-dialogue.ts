import type { SpokenTurn } from "./synthesize-dialogue.ts";

/** A short knee visit, about 75 seconds when spoken. Holds questions, short answers, numbers, a drug and a side. */
export const kneeVisit: readonly SpokenTurn[] = [
  { speaker: "clinician", text: "Good morning. What brings you in today?" },
  {
    speaker: "patient",
    text: "My left knee has been hurting for about three weeks, mostly when I climb the stairs.",
  },
  { speaker: "clinician", text: "Did you fall or injure it in any way?" },
  { speaker: "patient", text: "No, I did not fall. It started after I worked in the garden." },
  { speaker: "clinician", text: "Have you noticed any swelling or fever?" },
  { speaker: "patient", text: "There was some swelling last week, but I have not had a fever." },
  { speaker: "clinician", text: "What are you taking for the pain?" },
  { speaker: "patient", text: "I take ibuprofen two times a day, and it helps a little." },
  { speaker: "clinician", text: "Are you allergic to any medicine?" },
  { speaker: "patient", text: "Yes, I am allergic to penicillin. It gives me a rash." },
  {
    speaker: "clinician",
    text: "Your blood pressure is normal today. There is mild swelling of the left knee, and no redness.",
  },
  { speaker: "clinician", text: "I think this is arthritis of the knee. I am going to order an x-ray." },
  { speaker: "patient", text: "Will I need surgery?" },
  {
    speaker: "clinician",
    text: "Probably not. I will refer you to physical therapy, and I want to see you again in four weeks.",
  },
  { speaker: "patient", text: "Okay, thank you doctor." },
];
