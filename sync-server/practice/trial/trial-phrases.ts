/** Sentences around what a trial note says about conditions. Short ones are shuffled, so that no two notes read alike. */
export const openings: readonly string[] = [
  "Here for a planned check.",
  "Comes in with a written list of questions.",
  "Returns after the holidays, in good spirits.",
  "Walked over from work during the lunch break.",
  "Accompanied by a neighbor who drove.",
  "Asked for an early slot before a shift.",
  "Was last seen in the spring.",
  "Wants to talk about refills first.",
  "Had postponed this visit twice because of snow.",
  "Feels well overall and says so right away.",
  "Slept badly the night before, otherwise fine.",
  "Arrived by bus, a little out of breath from hurrying.",
  "Brings greetings from a cousin who is also a patient here.",
  "Is glad the new parking lot is open.",
];

export const lives: readonly string[] = [
  "Lives with a retired greyhound and walks a mile each morning.",
  "Works nights at the bakery and sleeps until noon.",
  "Started a pottery class and enjoys the company.",
  "Moved in with a brother while the roof is repaired.",
  "Does not smoke; a glass of wine on Saturdays.",
  "Drives the school van for the district.",
  "Grows tomatoes on the balcony, far too many this year.",
  "Plays cards with former colleagues every Wednesday.",
  "Cooks for a large family and tastes everything.",
  "Repairs clocks in the basement, mostly sitting.",
  "Looks after two small grandchildren three days a week.",
  "Studies for the nursing entrance exam at the kitchen table.",
  "Has a new job at the harbor office with a standing desk.",
  "Spends evenings restoring an old canoe.",
  "Sings in two choirs and travels with one of them.",
  "Teaches piano at home, eleven pupils at present.",
  "Volunteers at the food pantry and lifts boxes there.",
  "Swims in the town pool when the lanes are free.",
  "Reads a great deal; eyes tire by nine.",
  "Recently widowed; the church group visits often.",
];

export const denials: readonly string[] = [
  "No fever, no chills.",
  "No chest pain on effort.",
  "Appetite good, weight steady at home.",
  "No falls, no new weakness.",
  "Bowels regular, urine unremarkable.",
  "No rash, no swollen joints.",
  "Hearing and sight as before.",
  "No cough at night.",
  "Mood even for the most part.",
  "No bleeding gums, no easy bruises.",
  "Sleep is sound after midnight.",
  "Taste and smell normal.",
];

export const appearances: readonly string[] = [
  "Alert, comfortable, no distress.",
  "Looks rested and younger than the chart says.",
  "Pleasant, gives a clear account.",
  "Moves onto the table without help.",
  "Skin warm and dry, lips pink.",
  "Talks freely, breathing unlabored.",
  "Well groomed, good color.",
  "A little tired but attentive.",
  "Cheerful, asks good questions.",
  "Calm; shoes off before being asked.",
];

export const generalExams: readonly string[] = [
  "Throat clear, no swollen glands.",
  "Abdomen soft, bowel sounds present.",
  "Neck supple, thyroid not felt.",
  "Ears and nose unremarkable.",
  "Gait steady, turns quickly.",
  "Fine touch intact at the fingertips.",
  "Hands warm, capillary refill brisk.",
  "No edema at the ankles.",
  "Skin without suspicious spots.",
  "Breathing quiet on both sides.",
  "Heart tones clear.",
  "Spine straight, shoulders level.",
];

/** `{bp}` `{hr}` `{temp}` `{weight}` `{ox}` are the values of the visit's own vital signs. */
export const resultLines: readonly string[] = [
  "Today: blood pressure {bp}, pulse {hr}, oxygen {ox} on room air, weight {weight}.",
  "Vitals from the nurse: weight {weight}; pressure {bp} sitting; heart rate {hr}; temperature {temp}.",
  "Pressure {bp} with pulse {hr}. Temperature {temp}, saturation {ox}. Scale shows {weight}.",
  "Measured at rooming: {temp}, {hr}, {bp}, saturation {ox}; weighs {weight} with shoes off.",
  "Weight {weight}. Blood pressure {bp}. Pulse {hr}, regular unless noted. Oxygen saturation {ox}.",
  "Saturation {ox}, temperature {temp}, pulse {hr}; cuff on the left arm read {bp}; {weight} on our scale.",
  "Numbers today are {bp} for pressure and {hr} for pulse; {weight}; {temp}.",
  "Rooming values: pulse {hr}, pressure {bp}, {ox} saturation, {weight} body weight, {temp} by mouth.",
];

export const resultRemarks: readonly string[] = [
  "No outside reports arrived since the last visit.",
  "Nothing pending from the laboratory.",
  "Earlier blood work was reviewed together; no new draw was needed.",
  "The optician's letter is filed and asks nothing of us.",
  "No imaging was done in between.",
  "Home log looked through and copied.",
  "Blood was drawn after the visit; results are not back yet.",
  "Last year's heart tracing looked at again for comparison.",
];

export const closings: readonly string[] = [
  "Back in three months, sooner if anything changes.",
  "Next visit after the summer; flu shot offered then.",
  "Return in six weeks with the diary.",
  "Will call on Friday to say how it goes.",
  "Sees the nurse in a month for pressure and weight.",
  "Follow up half a year from now.",
  "Knows the signs that should bring them in the same day.",
  "Questions answered; summary printed and taken along.",
  "Daughter will be told, with permission, by phone.",
  "Agreed on one change at a time; this was the one.",
  "Appointment for early spring made on the way out.",
  "Understands the plan and repeated it in their own words.",
];
