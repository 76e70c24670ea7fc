/** What words tell about a sentence's place in a note. Lists are curated by hand; each pattern counts once. */
export const symptom =
  /\b(?:pain\w*|ache\w*|aching|hurt\w*|sore\w*|fevers?|chills?|nausea\w*|vomit\w*|throwing up|threw up|diarrhea|constipat\w*|cough\w*|congest\w*|runny nose|phlegm|sputum|mucus|breath\w*|wheez\w*|palpitations?|dizz\w*|lighthead\w*|faint\w*|passed out|headaches?|migraines?|numb\w*|tingl\w*|weak\w*|swell\w*|swollen|rash\w*|itch\w*|bleed\w*|blood|bruis\w*|stiff\w*|weight|fatigue\w*|tired\w*|exhaust\w*|insomnia|sleep\w*|anxi\w*|worr\w*|depress\w*|suicid\w*|stress\w*|seizures?|urin\w*|pee\w*|burn\w*|discharge|heartburn|reflux|appetite|sweat\w*|tender\w*|redness|infect\w*|vision|blurry|hearing|ringing|snor\w*|cramp\w*|spasms?|lock\w*|click\w*|popp\w*|radiat\w*|lump|sick|unwell|worse|better|itchy|hot|feverish|sputum|stool\w*|bowel\w*|period|pregnan\w*)\b/i;

export const bodyPart =
  /\b(?:head|neck|throat|ears?|eyes?|nose|chest|heart|lungs?|back|spine|stomach|belly|tummy|abdomen|bladder|kidneys?|hips?|knees?|ankles?|foot|feet|toes?|heel|shoulders?|elbows?|wrists?|hands?|fingers?|thumb|arms?|legs?|calf|calves|thigh|joints?|muscles?|skin|groin|breast|jaw|tooth|teeth|sinus\w*)\b/i;

export const timeCourse =
  /\b(?:for|since|about|past|last|over|every|ago|started|began|comes and goes|suddenly|gradually|all the time)\b.*\b(?:days?|weeks?|months?|years?|hours?|minutes?|morning|night|yesterday|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|summer|winter|spring|fall)\b/i;

export const history =
  /\b(?:diabet\w*|hypertension|high blood pressure|blood pressure|cholesterol|asthma|copd|arthritis|cancer|stroke|heart attack|thyroid|surger\w*|operation|hospital\w*|diagnos\w*|condition|gallbladder|appendix|hysterectomy|replacement|fracture|broke|broken|vaccin\w*|shot|history)\b/i;

export const social =
  /\b(?:smok\w*|cigarettes?|packs?|vap\w*|alcohol|drink\w*|beers?|wine|drugs?|marijuana|cannabis|exercis\w*|walk\w*|live|lives|lived|retired|married|divorced|diet)\b/i;

export const family =
  /\b(?:mother|father|mom|dad|brother|sister|grandmother|grandfather|parents?|aunt|uncle)\b/i;
export const allergy = /\ballerg\w*|\b(?:hives|anaphyla\w*)\b/i;

export const medicationWord =
  /\b(?:medic\w*|pills?|tablets?|capsules?|inhalers?|insulin|antibiotics?|steroids?|dose\w*|milligrams?|mg|mcg|micrograms?|units|puffs?|refills?|prescri\w*|over the counter|vitamins?|supplements?|drops|cream|ointment|patch|side effects?)\b/i;

/** A clinician tells who the patient is and why they came. */
export const introduction =
  /\b\d+[- ]year[- ]old\b|\bpast medical history\b|\bpresents? (?:for|with|to|today)\b/i;

/** A clinician's own finding. */
export const examFinding =
  /\b(?:lungs? (?:are|is|sound)|breath sounds|clear to|heart (?:is|sounds|has|rate)|regular rate|murmurs?|gallops?|abdomen (?:is|soft)|soft and|non-?tender|tender(?:ness)?|range of motion|reflex\w*|swelling (?:in|of|around|on)|edema|erythema|crackles|rales|rhonchi|wheez(?:es|ing) (?:in|on|at|bilaterally)|pupils|ear ?drums?|tympanic|tonsils|lymph nodes?|strength is|gait|pulses?|palpat\w*|exam(?:ination)?|swollen lymph|effusion|bruits?|distended|inflamed|throat (?:is|looks)|ears? (?:is|are|looks?)|skin (?:is|looks))\b/i;
export const iFind =
  /\b(?:i (?:see|hear|feel|notice|can see|can feel|don't (?:see|hear|feel)|do not (?:see|hear|feel)|appreciate)|looks|sounds|there(?:'s| is| are))\b/i;

export const vital =
  /\b(?:blood pressure|heart rate|pulse|temperature|oxygen|saturation|sats?|respirat\w+ rate|weight|bmi)\b.*(?:\d|\b(?:hundred|ninety|eighty|seventy|sixty|normal|high|low|elevated|good|fine)\b)/i;

export const resultWord =
  /\b(?:x-?rays?|mri|ct|cat scan|ultrasound|echo\w*|ekg|ecg|labs?|lab work|blood work|results?|a1c|hemoglobin|creatinine|cholesterol|ldl|hdl|triglycerides|tsh|white (?:blood )?(?:cell )?count|potassium|sodium|glucose|blood sugar|urinalysis|urine test|culture|biopsy|pathology|mammogram|colonoscopy|strep|swab|test)\b/i;
export const resultVerb =
  /\b(?:shows?|showed|came back|comes back|was|were|is|are|reveal\w*|negative|positive|normal|elevated|high|low)\b/i;

export const planned =
  /\b(?:i(?:'m| am) going to|i will|i'll|we(?:'re| are) going to|we will|we'll|let's|i(?:'d| would) like|i want|i recommend|we should|you should|you need to|you can|please|make sure|plan is|try to)\b/i;
export const planAct =
  /\b(?:order\w*|start\w*|continu\w*|stop\w*|increas\w*|decreas\w*|refer\w*|prescri\w*|send|sent|schedul\w*|follow(?:ing)?[ -]?up|come back|return|recheck|repeat|refill\w*|switch\w*|chang\w*|add|take|taking|check\w*|get|give|put|call|avoid|rest|ice|elevat\w*|drink|physical therapy|exercises?|diet|reduce|cut|monitor|see (?:you|a|the)|emergency|go to)\b/i;
export const opinion =
  /\b(?:i think|i believe|i suspect|it looks like|it seems|this (?:is|looks|sounds|could be|may be)|you have|you(?:'ve| have) got|consistent with|my (?:impression|assessment)|i(?:'m| am) concerned)\b/i;
export const assessed =
  /\b(?:likely|probably|diagnos\w*|suspect|well controlled|not controlled|stable|improv\w*|worsening|impression|assessment|infection|sprain|strain|fracture|hypertension|diabetes|\w+(?:itis|osis|emia|opathy|algia))\b/i;

/** Somebody speaks to a machine. */
export const toAssistant =
  /\b(?:hey|hi|okay|ok|hello),? (?:dragon|siri|alexa|google|cortana|dax|copilot|computer|jam\w*)\b|\b(?:dragon|dax)\b|^(?:show me|pull up|open|display) (?:the|his|her|my|last|latest|all)\b/i;
