/** A medicine as a trial patient takes it: the drug table's name, dose, frequency, route. */
export interface TrialMedication {
  readonly drug: string;
  readonly dose: string;
  readonly frequency: string;
  readonly route: string;
}

/** A condition that trial patients have, with what is said, found and planned about it in notes. */
export interface TrialCondition {
  /** ICD-10-CM. */
  readonly code: string;
  readonly short: string;
  readonly ages: readonly [number, number];
  readonly sex?: "female" | "male";
  /** Of those whose age and sex fit, 0…1. */
  readonly share: number;
  /** One of these is taken; empty when it is treated without medicines. */
  readonly medications: readonly TrialMedication[];
  /** Vital signs lean this way: systolic pressure, heart rate, weight (kg), oxygen saturation. */
  readonly lean?: {
    readonly systolic?: number;
    readonly pulse?: number;
    readonly weight?: number;
    readonly oxygen?: number;
  };
  readonly history: readonly string[];
  readonly exam: readonly string[];
  /** `{med}` is the patient's own medicine with dose and frequency. */
  readonly plan: readonly string[];
}

const oral = (drug: string, dose: string, frequency = "once daily"): TrialMedication => ({
  drug,
  dose,
  frequency,
  route: "by mouth",
});
const inhaled = (drug: string, dose: string, frequency: string): TrialMedication => ({
  drug,
  dose,
  frequency,
  route: "inhaled",
});
const onSkin = (drug: string, dose: string, frequency: string): TrialMedication => ({
  drug,
  dose,
  frequency,
  route: "on the skin",
});

export const trialConditions: readonly TrialCondition[] = [
  {
    code: "I10",
    short: "Blood pressure",
    ages: [35, 99],
    share: 0.42,
    medications: [
      oral("losartan", "50 mg"),
      oral("amlodipine", "5 mg"),
      oral("lisinopril", "20 mg"),
      oral("hydrochlorothiazide", "25 mg"),
      oral("amlodipine", "10 mg"),
    ],
    lean: { systolic: 14 },
    history: [
      "Home pressures have mostly stayed in range since spring, with a few higher evenings after salty restaurant meals.",
      "Checks the cuff at the pharmacy every other week and was surprised how steady the readings are.",
      "Ran out of tablets over a long weekend and noticed a dull headache until the refill came.",
      "No dizziness on standing, no swelling of the ankles, and the morning walk goes well again.",
      "Brought a handwritten list of readings; the mornings are clearly higher than the evenings.",
    ],
    exam: [
      "Heart regular, no murmur; ankles without edema.",
      "Pulses equal on both sides, neck veins flat.",
      "Second reading after five quiet minutes was no different.",
      "Lungs clear, heart sounds normal, no carotid bruit.",
    ],
    plan: [
      "Controlled enough for now. Continue {med} and bring the home cuff next time to compare it with ours.",
      "Above goal today. We keep {med}, cut back on canned soup, and recheck with the nurse before deciding on more.",
      "Doing well on {med}; refilled for the season. Salts and kidney function with the next draw.",
      "Discussed taking {med} at the same hour each day, and what to do when a dose was forgotten.",
      "No change to {med}. Reduce salt, walk after supper, and send two weeks of readings through the front office.",
    ],
  },
  {
    code: "E11.9",
    short: "Diabetes",
    ages: [38, 95],
    share: 0.2,
    medications: [
      oral("metformin", "1000 mg", "twice daily"),
      oral("metformin", "500 mg", "twice daily"),
      oral("empagliflozin", "10 mg"),
    ],
    lean: { weight: 8 },
    history: [
      "Fasting fingersticks run a little higher on weekends, when breakfast turns into brunch with the grandchildren.",
      "Feet feel normal, no numbness, shoes checked each evening as we had agreed.",
      "Has swapped soda for sparkling water and says the afternoon tiredness is gone.",
      "Stomach was upset during the first weeks of treatment; taking it with supper solved that.",
      "No low sugars, no night sweats; carries glucose tablets in the car all the same.",
    ],
    exam: [
      "Feet warm, monofilament felt everywhere, nails trimmed.",
      "Skin of both feet intact, pulses palpable.",
      "Injection sites not applicable; abdomen soft.",
    ],
    plan: [
      "Continue {med}. Eye examination is due; the referral goes out today.",
      "Stay with {med} and meet our dietitian about breakfasts. Repeat long-term sugar at the next visit.",
      "Tolerates {med} well now. Urine albumin and lipids with the coming blood draw.",
      "Agreed on two short walks a day beside {med}; the log of fingersticks comes along next time.",
    ],
  },
  {
    code: "E78.5",
    short: "Cholesterol",
    ages: [40, 92],
    share: 0.26,
    medications: [
      oral("atorvastatin", "20 mg"),
      oral("rosuvastatin", "10 mg"),
      oral("atorvastatin", "40 mg"),
    ],
    history: [
      "Takes the cholesterol tablet at night without any muscle ache.",
      "Asked whether the statin could explain the sore shoulder; the pain began after painting the garage.",
      "Eats fish twice a week now and has stopped buying butter.",
      "Father had a heart attack in his fifties, which remains a worry.",
    ],
    exam: ["No xanthelasma; muscles not tender.", "Calves soft, strength full in both thighs."],
    plan: [
      "Keep {med}. Lipids once a year are enough while they stay where they are.",
      "Explained what {med} does and does not do; the shoulder is being looked at separately.",
      "Continue {med}, more beans and oats, less cheese in the evening.",
    ],
  },
  {
    code: "J45.20",
    short: "Asthma",
    ages: [6, 60],
    share: 0.11,
    medications: [
      inhaled("albuterol", "90 mcg", "as needed"),
      inhaled("fluticasone", "110 mcg", "twice daily"),
    ],
    history: [
      "Needed the rescue inhaler twice since last month, both times when the neighbors were mowing.",
      "Sleeps through the night; no cough during gym class any more.",
      "A cold in the house brought three days of wheezing that settled without urgent care.",
      "Spacer had been lost in the move, so some doses probably never arrived.",
    ],
    exam: [
      "Good air entry, no wheeze even with forced breathing out.",
      "Chest clear, speaks in full sentences, no retractions.",
    ],
    plan: [
      "Intermittent and quiet. Continue {med}; technique with the spacer shown again and repeated back.",
      "Action plan updated and printed for school. {med} stays as it is.",
      "New spacer given. Keep {med} and avoid the yard while grass is cut.",
    ],
  },
  {
    code: "F41.1",
    short: "Anxiety",
    ages: [18, 70],
    share: 0.12,
    medications: [oral("sertraline", "50 mg"), oral("escitalopram", "10 mg")],
    lean: { pulse: 4 },
    history: [
      "Worries less at bedtime since the breathing exercises became a habit, though Sunday evenings remain hard.",
      "Went back to the choir after a year away and counts that as the best sign.",
      "Had one panic episode on the bus; stayed on, counted stops, and it passed.",
      "No thoughts of self-harm. Work is kinder under the new supervisor.",
    ],
    exam: [
      "Eye contact easy, speech unhurried, smiles at a joke.",
      "Affect a little tense at first, warmer later; thinking clear.",
    ],
    plan: [
      "Improving. Continue {med} and the sessions with the therapist downtown.",
      "We leave {med} unchanged through the winter and talk about tapering when the days get longer.",
      "Refilled {med}. Crisis line number is saved in the phone.",
    ],
  },
  {
    code: "F33.1",
    short: "Depression",
    ages: [20, 80],
    share: 0.07,
    medications: [oral("duloxetine", "60 mg"), oral("sertraline", "100 mg"), oral("escitalopram", "20 mg")],
    history: [
      "Mornings are still slow, yet the garden got planted and meals are cooked again.",
      "Sister calls daily; energy is perhaps two thirds of what it used to be.",
      "Stopped treatment for a week in summer, felt the fog return, and restarted alone.",
    ],
    exam: [
      "Neatly dressed, mood described as fair, affect matches.",
      "Speech soft but spontaneous; no hopelessness voiced.",
    ],
    plan: [
      "Partial response to {med}. Continue, add a weekly walk with a friend, and repeat the questionnaire next visit.",
      "Stable on {med}. No change before the anniversary in the fall.",
      "Agreed not to stop {med} without calling first; counselor informed with permission.",
    ],
  },
  {
    code: "K21.9",
    short: "Reflux",
    ages: [25, 85],
    share: 0.14,
    medications: [oral("omeprazole", "20 mg"), oral("pantoprazole", "40 mg")],
    history: [
      "Burning behind the breastbone comes back whenever supper is later than eight.",
      "No trouble swallowing, no weight loss, no black stools.",
      "Raised the head of the bed with two bricks and sleeps better for it.",
    ],
    exam: ["Abdomen soft, no tenderness under the ribs.", "Throat without redness; belly quiet."],
    plan: [
      "Continue {med} for two more months, then try every other day.",
      "Keep {med} before breakfast; earlier suppers; come sooner if food sticks.",
      "Responds to {med}. Coffee down to one cup as a trial.",
    ],
  },
  {
    code: "M17.0",
    short: "Knees",
    ages: [52, 96],
    share: 0.2,
    medications: [oral("acetaminophen", "650 mg", "as needed"), oral("naproxen", "250 mg", "twice daily")],
    history: [
      "Stairs at the library are the test: up is fine, down hurts on the inner side.",
      "Stiff for about ten minutes after sitting through church, then loosens.",
      "Pool class twice weekly helped more than anything from the pharmacy.",
    ],
    exam: [
      "Both knees cool, crackling with motion, no effusion.",
      "Walks without a limp; bends past a right angle on either side.",
    ],
    plan: [
      "Keep moving. {med} on bad days only; physical therapy renewed.",
      "Continue {med} with food. Cane in the left hand for longer distances.",
      "Discussed injections; prefers pool exercise and {med} for now.",
    ],
  },
  {
    code: "M54.50",
    short: "Low back",
    ages: [22, 75],
    share: 0.1,
    medications: [oral("ibuprofen", "400 mg", "as needed"), oral("acetaminophen", "500 mg", "as needed")],
    history: [
      "Back seized up while lifting a stroller from the trunk and has eased day by day.",
      "No leg pain, no numbness where one sits, bladder as usual.",
      "Drives a delivery route; the new seat cushion made mornings easier.",
    ],
    exam: [
      "Straight leg raise negative both ways; reflexes equal.",
      "Muscles beside the lumbar spine tight, no midline pain.",
    ],
    plan: [
      "Expected to settle. Heat, walking, {med}; no imaging unless leg symptoms appear.",
      "Stretching sheet handed over and practiced here. {med} before the shift if needed.",
      "Improving; {med} sparingly, return to lifting after a week.",
    ],
  },
  {
    code: "E03.9",
    short: "Thyroid",
    ages: [28, 90],
    sex: "female",
    share: 0.12,
    medications: [
      oral("levothyroxine", "75 mcg"),
      oral("levothyroxine", "50 mcg"),
      oral("levothyroxine", "88 mcg"),
    ],
    history: [
      "Takes the thyroid tablet before brushing her teeth, coffee only afterwards.",
      "Hair is thicker again and the cold hands are gone.",
      "Wonders about tiredness, though nights with the newborn grandson explain a lot.",
    ],
    exam: [
      "Thyroid not enlarged, no nodule; reflexes brisk and even.",
      "Skin dry at the elbows, neck smooth.",
    ],
    plan: [
      "Clinically even. Continue {med}; hormone level with the yearly blood work.",
      "Stay on {med}, keep it apart from other tablets.",
      "{med} refilled for the year. Recheck earlier if palpitations come.",
    ],
  },
  {
    code: "I48.91",
    short: "Atrial fibrillation",
    ages: [64, 99],
    share: 0.13,
    medications: [oral("apixaban", "5 mg", "twice daily"), oral("apixaban", "2.5 mg", "twice daily")],
    lean: { pulse: 8 },
    history: [
      "Feels the flutter only after climbing to the third floor, never at rest.",
      "No bleeding except from shaving; no missed evening doses thanks to the pill box.",
      "Cardiologist was content in September and asked for nothing new.",
    ],
    exam: [
      "Pulse irregular, rate comfortable; lungs clear at the bases.",
      "Irregular heart, no murmur heard, no bruises on the forearms.",
    ],
    plan: [
      "Rate controlled. Continue {med}; blood count and creatinine twice a year.",
      "Goes on with {med}. Call before any dental surgery.",
      "{med} unchanged; signs of stroke reviewed together with the daughter.",
    ],
  },
  {
    code: "I50.22",
    short: "Heart failure",
    ages: [66, 97],
    share: 0.06,
    medications: [oral("furosemide", "40 mg"), oral("carvedilol", "12.5 mg", "twice daily")],
    lean: { weight: 5, oxygen: -1 },
    history: [
      "Sleeps on two pillows as before; socks no longer leave deep marks.",
      "Weighs himself on the same scale each morning and phones when it jumps.",
      "Short of breath only when carrying laundry upstairs.",
    ],
    exam: ["No crackles, trace edema at the shins.", "Neck veins not raised; liver edge not felt."],
    plan: [
      "Compensated. Continue {med}; salt kept low; daily weight stays the rule.",
      "No change of {med}. Heart clinic next month, nurse call in between.",
    ],
  },
  {
    code: "J44.9",
    short: "COPD",
    ages: [52, 90],
    share: 0.08,
    medications: [
      inhaled("tiotropium", "18 mcg", "once daily"),
      inhaled("budesonide + formoterol", "160/4.5 mcg", "twice daily"),
    ],
    lean: { oxygen: -3, pulse: 4 },
    history: [
      "Can cross the parking lot without stopping on good days; fog makes it worse.",
      "Morning phlegm is white, less than a spoonful.",
      "Has not smoked since the birthday party last year and chews gum instead.",
    ],
    exam: [
      "Breath sounds distant, long breathing out, no wheeze today.",
      "Chest barrel-shaped; uses no extra muscles at rest.",
    ],
    plan: [
      "Stable. Continue {med}; rinse the mouth afterwards; rehabilitation class offered.",
      "Stay with {med}. Rescue plan for a bad week is on the refrigerator.",
      "Technique with {med} corrected; keep the inhaler by the toothbrush.",
    ],
  },
  {
    code: "G43.909",
    short: "Migraine",
    ages: [16, 58],
    sex: "female",
    share: 0.12,
    medications: [oral("sumatriptan", "50 mg", "one dose"), oral("propranolol", "40 mg", "twice daily")],
    history: [
      "Two attacks since summer, each announced by zigzag lines in the left field of view.",
      "Skipping lunch is the surest trigger; perfume counters come second.",
      "Dark room and a nap still help if treatment is taken early.",
    ],
    exam: ["Pupils equal, gait straight, no neck stiffness.", "Cranial nerves intact; temples not tender."],
    plan: [
      "Fewer attacks. Continue {med} and keep the diary going.",
      "Use {med} at the first sign, not later; no more than two days a week.",
      "Regular lunches, water bottle at the desk, {med} as before.",
    ],
  },
  {
    code: "N40.1",
    short: "Prostate",
    ages: [54, 95],
    sex: "male",
    share: 0.2,
    medications: [oral("tamsulosin", "0.4 mg")],
    history: [
      "Gets up once at night now instead of three times.",
      "Stream is weaker in the cold season, no burning, no blood.",
      "Plans long drives around rest stops but less anxiously than before.",
    ],
    exam: ["Lower belly not distended; bladder not felt.", "No tenderness in the flanks."],
    plan: [
      "Continue {med} in the evening; less tea after supper.",
      "Content with {med}. Symptom score again in a year.",
    ],
  },
  {
    code: "M81.0",
    short: "Bones",
    ages: [60, 96],
    sex: "female",
    share: 0.16,
    medications: [oral("alendronate", "70 mg", "once a week"), oral("vitamin d", "25 mcg")],
    history: [
      "No falls since the rugs were taped down; balance class on Thursdays.",
      "Takes the weekly tablet upright with a full glass of water.",
      "Lost a little height over ten years, back does not hurt.",
    ],
    exam: [
      "Spine not tender to tapping; rises from a chair without arms.",
      "Stands on one leg for several seconds on each side.",
    ],
    plan: [
      "Continue {med}; bone density next year; keep the balance class.",
      "Goes on with {med}. Dentist knows about it.",
    ],
  },
  {
    code: "J30.2",
    short: "Allergic rhinitis",
    ages: [5, 65],
    share: 0.14,
    medications: [
      oral("cetirizine", "10 mg"),
      oral("loratadine", "10 mg"),
      { drug: "fluticasone (nose)", dose: "50 mcg", frequency: "once daily", route: "in the nose" },
    ],
    history: [
      "Sneezing starts with the birches and is over by strawberry season.",
      "Eyes itch most on windy afternoons at the ball field.",
      "The dog now sleeps outside the bedroom, which made mornings clearer.",
    ],
    exam: [
      "Nasal lining pale and swollen; eyes a little red.",
      "Clear runny nose, ears normal on both sides.",
    ],
    plan: [
      "Start early next season; until then {med} on bad days.",
      "Continue {med}; shower before bed in pollen weeks.",
      "{med} works. Windows shut in the morning, open at night.",
    ],
  },
  {
    code: "L20.9",
    short: "Eczema",
    ages: [1, 30],
    share: 0.1,
    medications: [
      onSkin("triamcinolone (skin)", "0.1 %", "twice daily"),
      onSkin("hydrocortisone (skin)", "1 %", "twice daily"),
    ],
    history: [
      "Elbow creases flare whenever the heating is switched on.",
      "Itch wakes the household less since the new ointment at bedtime.",
      "Wool sweater from an aunt was the culprit this time.",
    ],
    exam: [
      "Dry red patches in both elbow folds, no oozing.",
      "Skin thickened behind the knees; no sign of infection.",
    ],
    plan: [
      "Plain ointment after each bath; {med} on red spots for a week at most.",
      "Continue {med} when it flares; cotton next to the skin.",
    ],
  },
  {
    code: "F90.2",
    short: "Attention",
    ages: [7, 17],
    share: 0.14,
    medications: [oral("methylphenidate", "18 mg"), oral("guanfacine", "1 mg", "at bedtime")],
    history: [
      "Teacher writes that homework comes back finished on most days.",
      "Appetite at lunch is small, supper makes up for it.",
      "Falls asleep around nine when the tablet stays in the kitchen.",
    ],
    exam: [
      "Sits through the visit, answers for himself or herself.",
      "Heart sounds normal; growth follows the curve.",
    ],
    plan: [
      "Helpful. Continue {med} on school days; weight at each visit.",
      "Stay with {med}; report from the school before the next appointment.",
    ],
  },
  {
    code: "G47.33",
    short: "Sleep apnea",
    ages: [34, 80],
    share: 0.09,
    medications: [],
    lean: { weight: 14, systolic: 6 },
    history: [
      "Wears the mask about six nights a week; the seventh is the fishing cabin.",
      "Partner reports no more pauses, only a soft hum from the machine.",
      "No longer dozes off at red lights.",
    ],
    exam: ["Mark of the mask strap on the cheek, nose open.", "Throat crowded, tonsils small."],
    plan: [
      "Benefit is clear; continue nightly, new cushion ordered.",
      "Travel machine discussed; weight goal kept for the year.",
    ],
  },
  {
    code: "M10.9",
    short: "Gout",
    ages: [42, 88],
    sex: "male",
    share: 0.1,
    medications: [oral("allopurinol", "100 mg"), oral("allopurinol", "300 mg")],
    lean: { weight: 6 },
    history: [
      "Big toe stayed quiet through the holidays, shellfish included.",
      "One tender ankle in June that was gone after three days.",
      "Drinks water at work now that a cooler stands by the bench.",
    ],
    exam: ["Toes cool, no lumps at the ears or elbows.", "Right big toe slightly stiff, not red."],
    plan: ["Continue {med}; uric acid with the next labs.", "{med} stays; beer is for birthdays."],
  },
  {
    code: "D50.9",
    short: "Iron",
    ages: [14, 50],
    sex: "female",
    share: 0.12,
    medications: [oral("iron", "325 mg", "every other day")],
    lean: { pulse: 5 },
    history: [
      "Less breathless on the hill to campus; chewing ice has stopped.",
      "Periods are heavy for two days, then ordinary.",
      "Takes the tablet with orange juice, every second morning.",
    ],
    exam: ["Inner eyelids a bit pale, heart without a flow murmur.", "Nails smooth, tongue normal."],
    plan: [
      "Continue {med}; blood count and ferritin in two months.",
      "Stay with {med}, more lentils and meat; tell us if stools turn black without it.",
    ],
  },
];
