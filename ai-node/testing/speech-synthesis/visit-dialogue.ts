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

/** A cough with a new prescription. */
export const coughVisit: readonly SpokenTurn[] = [
  { speaker: "clinician", text: "Hello again. How long have you had this cough?" },
  {
    speaker: "patient",
    text: "It started about ten days ago after my son had a cold. It keeps me awake at night.",
  },
  { speaker: "clinician", text: "Are you bringing anything up when you cough?" },
  { speaker: "patient", text: "Some yellow mucus in the morning. I have not seen any blood." },
  { speaker: "clinician", text: "Do you smoke, or has anybody at home been sick?" },
  { speaker: "patient", text: "I quit smoking five years ago. My son is better now." },
  { speaker: "clinician", text: "Let me listen to your lungs. Take a deep breath, please." },
  {
    speaker: "clinician",
    text: "Your lungs are clear, and your heart rate is regular. Your throat is a little red.",
  },
  { speaker: "patient", text: "Is it pneumonia? My mother had pneumonia last winter, and I am worried." },
  {
    speaker: "clinician",
    text: "I do not think so. This looks like bronchitis, and it should get better in a week.",
  },
  {
    speaker: "clinician",
    text: "I will prescribe benzonatate for the cough. Drink plenty of water and rest.",
  },
  { speaker: "patient", text: "Can I go back to work tomorrow? I work in a kitchen." },
  {
    speaker: "clinician",
    text: "Stay home for two more days, and call us if you have a fever or trouble breathing.",
  },
];

/** A check of blood pressure and sugar. */
export const bloodPressureVisit: readonly SpokenTurn[] = [
  {
    speaker: "clinician",
    text: "Thanks for coming back. How have your blood pressure readings been at home?",
  },
  {
    speaker: "patient",
    text: "Mostly around one hundred and forty in the morning. I write them down every day.",
  },
  { speaker: "clinician", text: "Have you had any headaches or dizziness?" },
  { speaker: "patient", text: "I feel dizzy when I stand up quickly, but I have not fainted." },
  { speaker: "clinician", text: "Are you taking the lisinopril every day?" },
  { speaker: "patient", text: "I take lisinopril every morning, but I missed two days last week." },
  { speaker: "clinician", text: "And how is your diet? Are you eating less salt?" },
  { speaker: "patient", text: "I stopped adding salt, but I still eat soup from a can for lunch." },
  {
    speaker: "clinician",
    text: "Your blood sugar is better than last time. The lab results show normal kidneys.",
  },
  { speaker: "patient", text: "That is good news. I have been walking for thirty minutes after dinner." },
  {
    speaker: "clinician",
    text: "I am going to increase the lisinopril, and I want you to check your pressure twice a day.",
  },
  { speaker: "patient", text: "Should I worry about the dizziness?" },
  {
    speaker: "clinician",
    text: "Stand up slowly. We will do another blood test in two weeks, and I will see you in one month.",
  },
];
