import { once } from "./line-format.ts";

/** A problem as the chart codes it. */
export interface ProblemCode {
  /** ICD-10-CM with its point, such as `E11.9`. */
  readonly code: string;
  /** The official title. */
  readonly title: string;
  /** What people say or type instead: lay words, abbreviations. Only for searching, never shown as the diagnosis. */
  readonly words: readonly string[];
}

/** A readable chapter of the list, in the order of a primary-care day rather than of the classification. */
export interface ProblemGroup {
  readonly name: string;
  readonly codes: readonly ProblemCode[];
}

// `code|official title|words, …`; a line with # opens a group.
const lines = `# Blood pressure, heart and vessels
I10|Essential (primary) hypertension|high blood pressure, htn, hypertensive
I11.0|Hypertensive heart disease with heart failure|high blood pressure heart failure
I12.9|Hypertensive chronic kidney disease with stage 1 through stage 4 chronic kidney disease, or unspecified chronic kidney disease|high blood pressure kidney
R03.0|Elevated blood-pressure reading, without diagnosis of hypertension|high reading, white coat
I95.1|Orthostatic hypotension|low blood pressure on standing, dizzy standing up
I95.9|Hypotension, unspecified|low blood pressure
I20.0|Unstable angina|chest pain at rest
I20.9|Angina pectoris, unspecified|chest pain on exertion
I21.9|Acute myocardial infarction, unspecified|heart attack, mi
I25.10|Atherosclerotic heart disease of native coronary artery without angina pectoris|cad, coronary artery disease, blocked heart arteries
I25.2|Old myocardial infarction|past heart attack
I48.0|Paroxysmal atrial fibrillation|afib, a-fib, irregular heartbeat
I48.20|Chronic atrial fibrillation, unspecified|afib, permanent
I48.91|Unspecified atrial fibrillation|afib, a-fib, irregular heartbeat
I47.10|Supraventricular tachycardia, unspecified|svt, fast heartbeat
I49.3|Ventricular premature depolarization|pvc, extra beats, skipped beats
I49.9|Cardiac arrhythmia, unspecified|irregular heartbeat
R00.1|Bradycardia, unspecified|slow heartbeat
R00.0|Tachycardia, unspecified|fast heartbeat, racing heart
R00.2|Palpitations|heart fluttering, racing heart
I50.22|Chronic systolic (congestive) heart failure|chf, hfref, weak heart
I50.32|Chronic diastolic (congestive) heart failure|chf, hfpef, stiff heart
I50.9|Heart failure, unspecified|chf
I34.1|Nonrheumatic mitral (valve) prolapse|mitral prolapse, mvp
I35.0|Nonrheumatic aortic (valve) stenosis|aortic stenosis, tight valve
I42.9|Cardiomyopathy, unspecified|weak heart muscle
I44.7|Left bundle-branch block, unspecified|lbbb
I63.9|Cerebral infarction, unspecified|stroke, cva
Z86.73|Personal history of transient ischemic attack (TIA), and cerebral infarction without residual deficits|past stroke, past tia
G45.9|Transient cerebral ischemic attack, unspecified|tia, mini-stroke
I71.40|Abdominal aortic aneurysm, without rupture, unspecified|aaa
I73.9|Peripheral vascular disease, unspecified|pad, poor circulation, claudication
I73.00|Raynaud's syndrome without gangrene|cold white fingers
I82.409|Acute embolism and thrombosis of unspecified deep veins of unspecified lower extremity|dvt, blood clot in leg
I26.99|Other pulmonary embolism without acute cor pulmonale|pe, blood clot in lung
I87.2|Venous insufficiency (chronic) (peripheral)|venous stasis, leg swelling
I89.0|Lymphedema, not elsewhere classified|arm or leg swelling
# Metabolism and glands
E11.9|Type 2 diabetes mellitus without complications|t2dm, sugar
E11.65|Type 2 diabetes mellitus with hyperglycemia|diabetes high sugar, uncontrolled
E11.21|Type 2 diabetes mellitus with diabetic nephropathy|diabetes kidney
E11.22|Type 2 diabetes mellitus with diabetic chronic kidney disease|diabetes kidney, ckd
E11.319|Type 2 diabetes mellitus with unspecified diabetic retinopathy without macular edema|diabetes eye
E11.40|Type 2 diabetes mellitus with diabetic neuropathy, unspecified|diabetes nerves
E11.42|Type 2 diabetes mellitus with diabetic polyneuropathy|diabetes nerves, neuropathy in feet
E11.51|Type 2 diabetes mellitus with diabetic peripheral angiopathy without gangrene|diabetes circulation
E10.9|Type 1 diabetes mellitus without complications|t1dm, juvenile diabetes
E10.65|Type 1 diabetes mellitus with hyperglycemia|diabetes type 1 high sugar
R73.03|Prediabetes|borderline diabetes, high sugar
R73.01|Impaired fasting glucose|high fasting sugar
R73.9|Hyperglycemia, unspecified|high blood sugar
O24.419|Gestational diabetes mellitus in pregnancy, unspecified control|diabetes in pregnancy
E16.2|Hypoglycemia, unspecified|low blood sugar
E78.00|Pure hypercholesterolemia, unspecified|high cholesterol
E78.01|Familial hypercholesterolemia|inherited high cholesterol
E78.1|Pure hyperglyceridemia|high triglycerides
E78.2|Mixed hyperlipidemia|high cholesterol and triglycerides
E78.5|Hyperlipidemia, unspecified|high cholesterol, lipids, dyslipidemia
E66.01|Morbid (severe) obesity due to excess calories|severe obesity, overweight
E66.3|Overweight
E66.9|Obesity, unspecified|overweight, obese
E66.811|Obesity, class 1|overweight
E66.812|Obesity, class 2|overweight
E66.813|Obesity, class 3|severe obesity
E88.810|Metabolic syndrome|insulin resistance, syndrome x
E03.9|Hypothyroidism, unspecified|low thyroid, underactive thyroid
E02|Subclinical iodine-deficiency hypothyroidism|borderline low thyroid
E06.3|Autoimmune thyroiditis|hashimoto
E05.90|Thyrotoxicosis, unspecified without thyrotoxic crisis or storm|high thyroid, overactive thyroid
E05.00|Thyrotoxicosis with diffuse goiter without thyrotoxic crisis or storm|graves
E04.1|Nontoxic single thyroid nodule|thyroid lump
E04.9|Nontoxic goiter, unspecified
E89.0|Postprocedural hypothyroidism|low thyroid after surgery
E28.2|Polycystic ovarian syndrome|pcos
E29.1|Testicular hypofunction|low testosterone
E55.9|Vitamin D deficiency, unspecified|low vitamin d
E53.8|Deficiency of other specified B group vitamins|low b12
E87.1|Hypo-osmolality and hyponatremia|low sodium
E87.5|Hyperkalemia|high potassium
E87.6|Hypokalemia|low potassium
E83.52|Hypercalcemia|high calcium
E86.0|Dehydration|dehydrated, dry
M10.9|Gout, unspecified
# Blood
D50.9|Iron deficiency anemia, unspecified|low iron
D64.9|Anemia, unspecified|low blood count
D69.6|Thrombocytopenia, unspecified|low platelets
D72.829|Elevated white blood cell count, unspecified|high white count
D57.1|Sickle-cell disease without crisis|sickle cell
D57.3|Sickle-cell trait|sickle trait
R59.0|Localized enlarged lymph nodes|swollen gland, lump in neck
R59.9|Enlarged lymph nodes, unspecified|swollen glands
# Mind, sleep and substances
F32.0|Major depressive disorder, single episode, mild|depression
F32.1|Major depressive disorder, single episode, moderate|depression
F32.9|Major depressive disorder, single episode, unspecified|depression, mdd
F32.A|Depression, unspecified|depressed
F33.0|Major depressive disorder, recurrent, mild|depression again
F33.1|Major depressive disorder, recurrent, moderate|depression again
F33.9|Major depressive disorder, recurrent, unspecified|depression again
F34.1|Dysthymic disorder|long low mood
F53.0|Postpartum depression|baby blues, depression after birth
F41.0|Panic disorder [episodic paroxysmal anxiety]|panic attacks
F41.1|Generalized anxiety disorder|gad, worry
F41.9|Anxiety disorder, unspecified|nerves
F40.10|Social phobia, unspecified|social anxiety
F42.9|Obsessive-compulsive disorder, unspecified|ocd
F43.10|Post-traumatic stress disorder, unspecified|ptsd
F43.20|Adjustment disorder, unspecified|stress
F43.21|Adjustment disorder with depressed mood|stress
F43.23|Adjustment disorder with mixed anxiety and depressed mood|stress
F31.9|Bipolar disorder, unspecified|manic depression
F20.9|Schizophrenia, unspecified
F90.0|Attention-deficit hyperactivity disorder, predominantly inattentive type|add, adhd
F90.2|Attention-deficit hyperactivity disorder, combined type|adhd
F90.9|Attention-deficit hyperactivity disorder, unspecified type|adhd
F84.0|Autistic disorder|autism, asd
F80.9|Developmental disorder of speech and language, unspecified|speech delay
F50.00|Anorexia nervosa, unspecified
F51.01|Primary insomnia
G47.00|Insomnia, unspecified|trouble sleeping
G47.33|Obstructive sleep apnea (adult) (pediatric)|osa, snoring
G25.81|Restless legs syndrome|rls
G47.419|Narcolepsy without cataplexy
F10.10|Alcohol abuse, uncomplicated|drinking
F10.20|Alcohol dependence, uncomplicated|alcoholism
F10.21|Alcohol dependence, in remission|sober
F11.10|Opioid abuse, uncomplicated|heroin
F11.20|Opioid dependence, uncomplicated|heroin, addiction
F12.10|Cannabis abuse, uncomplicated|marijuana, weed
F12.20|Cannabis dependence, uncomplicated|marijuana, weed
F14.10|Cocaine abuse, uncomplicated
F15.10|Other stimulant abuse, uncomplicated|methamphetamine
F17.200|Nicotine dependence, unspecified, uncomplicated|smoking, tobacco
F17.210|Nicotine dependence, cigarettes, uncomplicated|smoking, smoker
F03.90|Unspecified dementia, unspecified severity, without behavioral disturbance, psychotic disturbance, mood disturbance, and anxiety|memory loss
G30.9|Alzheimer's disease, unspecified|memory loss
G31.84|Mild cognitive impairment, so stated|mci, memory
R41.3|Other amnesia|memory loss, forgetful
R45.851|Suicidal ideations|suicidal thoughts
# Nerves and head
G43.109|Migraine with aura, not intractable, without status migrainosus
G43.909|Migraine, unspecified, not intractable, without status migrainosus|headache
G44.209|Tension-type headache, unspecified, not intractable|tension headache
G44.009|Cluster headache syndrome, unspecified, not intractable
R51.9|Headache, unspecified
R42|Dizziness and giddiness|dizzy, vertigo, lightheaded
H81.10|Benign paroxysmal vertigo, unspecified ear|bppv, positional vertigo
R55|Syncope and collapse|fainting, passed out
R56.9|Unspecified convulsions|seizure
R56.00|Simple febrile convulsions|fever seizure
G40.909|Epilepsy, unspecified, not intractable, without status epilepticus|seizures
G20.A1|Parkinson's disease without dyskinesia, without mention of fluctuations
G25.0|Essential tremor|shaky hands
G35.D|Multiple sclerosis, unspecified|ms
G51.0|Bell's palsy|facial droop
G56.00|Carpal tunnel syndrome, unspecified upper limb
G56.01|Carpal tunnel syndrome, right upper limb|carpal tunnel right
G56.02|Carpal tunnel syndrome, left upper limb|carpal tunnel left
G62.9|Polyneuropathy, unspecified|nerve damage
G89.29|Other chronic pain|long-term pain
G89.4|Chronic pain syndrome
R20.2|Paresthesia of skin|tingling, pins and needles, numbness
R20.0|Anesthesia of skin|numbness
M79.2|Neuralgia and neuritis, unspecified|nerve pain
S06.0X0A|Concussion without loss of consciousness, initial encounter|head injury
# Eyes and ears
H10.30|Unspecified acute conjunctivitis, unspecified eye|pink eye
H10.9|Unspecified conjunctivitis|pink eye
H10.13|Acute atopic conjunctivitis, bilateral|allergic eyes
H00.019|Hordeolum externum unspecified eye, unspecified eyelid|stye
H01.009|Unspecified blepharitis unspecified eye, unspecified eyelid|eyelid inflammation
H04.123|Dry eye syndrome of bilateral lacrimal glands|dry eyes
H26.9|Unspecified cataract
H40.9|Unspecified glaucoma
H35.30|Unspecified macular degeneration|amd
H52.10|Myopia, unspecified eye|nearsighted, near sighted
H60.90|Unspecified otitis externa, unspecified ear|swimmer's ear, outer ear infection
H61.23|Impacted cerumen, bilateral|ear wax both
H65.90|Unspecified nonsuppurative otitis media, unspecified ear|fluid in ear
H66.90|Otitis media, unspecified, unspecified ear|ear infection
H66.91|Otitis media, unspecified, right ear|ear infection right
H66.92|Otitis media, unspecified, left ear|ear infection left
H66.93|Otitis media, unspecified, bilateral|ear infection both
H69.90|Unspecified Eustachian tube disorder, unspecified ear|blocked ear
H91.90|Unspecified hearing loss, unspecified ear|deaf
H93.19|Tinnitus, unspecified ear|ringing in ears
H92.09|Otalgia, unspecified ear|earache, ear pain
# Nose, throat, lungs
J00|Acute nasopharyngitis [common cold]|runny nose
J02.0|Streptococcal pharyngitis|strep throat
J02.9|Acute pharyngitis, unspecified|sore throat
J03.90|Acute tonsillitis, unspecified|tonsils
J01.90|Acute sinusitis, unspecified|sinus infection
J32.9|Chronic sinusitis, unspecified|sinus trouble
J06.9|Acute upper respiratory infection, unspecified|cold, uri
J05.0|Acute obstructive laryngitis [croup]|barking cough
J10.1|Influenza due to other identified influenza virus with other respiratory manifestations
J11.1|Influenza due to unidentified influenza virus with other respiratory manifestations
U07.1|COVID-19|coronavirus
U09.9|Post COVID-19 condition, unspecified|long covid
Z20.822|Contact with and (suspected) exposure to COVID-19|covid exposure
J18.9|Pneumonia, unspecified organism
J20.9|Acute bronchitis, unspecified|chest cold
J21.0|Acute bronchiolitis due to respiratory syncytial virus|rsv
J21.9|Acute bronchiolitis, unspecified
J30.1|Allergic rhinitis due to pollen|hay fever
J30.2|Other seasonal allergic rhinitis|hay fever, seasonal allergies
J30.9|Allergic rhinitis, unspecified|allergies
J34.2|Deviated nasal septum|deviated septum
J34.89|Other specified disorders of nose and nasal sinuses|stuffy nose
J40|Bronchitis, not specified as acute or chronic
J43.9|Emphysema, unspecified
J44.1|Chronic obstructive pulmonary disease with (acute) exacerbation|copd flare
J44.9|Chronic obstructive pulmonary disease, unspecified|copd
J45.20|Mild intermittent asthma, uncomplicated
J45.30|Mild persistent asthma, uncomplicated
J45.40|Moderate persistent asthma, uncomplicated
J45.50|Severe persistent asthma, uncomplicated
J45.901|Unspecified asthma with (acute) exacerbation|asthma attack
J45.909|Unspecified asthma, uncomplicated
J45.990|Exercise induced bronchospasm|asthma with exercise
R05.1|Acute cough
R05.3|Chronic cough
R05.9|Cough, unspecified
R06.02|Shortness of breath|short of breath
R06.2|Wheezing|wheeze
R06.83|Snoring|snore
R04.0|Epistaxis|nosebleed
R07.89|Other chest pain
R07.9|Chest pain, unspecified
R09.02|Hypoxemia|low oxygen
R09.81|Nasal congestion|stuffy nose
R09.82|Postnasal drip|post-nasal drip
R91.1|Solitary pulmonary nodule|lung nodule, spot on lung
Z87.891|Personal history of nicotine dependence|ex-smoker, past smoker
# Stomach and bowels
K21.9|Gastro-esophageal reflux disease without esophagitis|gerd, heartburn, acid reflux
K21.00|Gastro-esophageal reflux disease with esophagitis, without bleeding|gerd
K22.70|Barrett's esophagus without dysplasia
K30|Functional dyspepsia|indigestion
K35.80|Unspecified acute appendicitis
K40.90|Unilateral inguinal hernia, without obstruction or gangrene, not specified as recurrent|groin hernia
K42.9|Umbilical hernia without obstruction or gangrene|belly button hernia
K44.9|Diaphragmatic hernia without obstruction or gangrene|hiatal hernia
K50.90|Crohn's disease, unspecified, without complications
K51.90|Ulcerative colitis, unspecified, without complications
K52.9|Noninfective gastroenteritis and colitis, unspecified|stomach flu
A08.4|Viral intestinal infection, unspecified|stomach flu, viral gastroenteritis
A09|Infectious gastroenteritis and colitis, unspecified|stomach bug, infectious diarrhea
A04.72|Enterocolitis due to Clostridium difficile, not specified as recurrent|c diff
K57.30|Diverticulosis of large intestine without perforation or abscess without bleeding
K57.32|Diverticulitis of large intestine without perforation or abscess without bleeding
K58.0|Irritable bowel syndrome with diarrhea|ibs with diarrhea
K58.1|Irritable bowel syndrome with constipation|ibs with constipation
K58.9|Irritable bowel syndrome without diarrhea|ibs
K59.00|Constipation, unspecified|constipated
K60.2|Anal fissure, unspecified|anal tear
K62.5|Hemorrhage of anus and rectum|rectal bleeding, blood in stool
K64.9|Unspecified hemorrhoids|piles
K70.30|Alcoholic cirrhosis of liver without ascites|alcohol cirrhosis
K74.60|Unspecified cirrhosis of liver
K76.0|Fatty (change of) liver, not elsewhere classified|fatty liver, nafld
K80.20|Calculus of gallbladder without cholecystitis without obstruction|gallstones
K85.90|Acute pancreatitis without necrosis or infection, unspecified
K90.0|Celiac disease|gluten
K92.1|Melena|black stool, blood in stool
K92.2|Gastrointestinal hemorrhage, unspecified|gi bleed
Z86.0100|Personal history of colon polyps, unspecified
B18.2|Chronic viral hepatitis C
B18.1|Chronic viral hepatitis B without delta-agent
B19.20|Unspecified viral hepatitis C without hepatic coma
R10.9|Unspecified abdominal pain|stomach ache, belly pain
R10.11|Right upper quadrant pain|belly pain right upper
R10.13|Epigastric pain|upper belly pain
R10.31|Right lower quadrant pain|belly pain right lower
R10.32|Left lower quadrant pain|belly pain left lower
R11.0|Nausea
R11.10|Vomiting, unspecified|throwing up
R11.2|Nausea with vomiting, unspecified|throwing up
R12|Heartburn
R13.10|Dysphagia, unspecified|trouble swallowing
R14.0|Abdominal distension (gaseous)|bloating
R19.7|Diarrhea, unspecified|loose stool
R63.0|Anorexia|no appetite
R63.4|Abnormal weight loss
R63.5|Abnormal weight gain
R74.01|Elevation of levels of liver transaminase levels|high liver enzymes, lft
R79.89|Other specified abnormal findings of blood chemistry|abnormal blood test
# Kidney, bladder and men's health
N18.1|Chronic kidney disease, stage 1|ckd
N18.2|Chronic kidney disease, stage 2 (mild)|ckd
N18.30|Chronic kidney disease, stage 3 unspecified|ckd
N18.31|Chronic kidney disease, stage 3a|ckd
N18.32|Chronic kidney disease, stage 3b|ckd
N18.4|Chronic kidney disease, stage 4 (severe)|ckd
N18.5|Chronic kidney disease, stage 5|ckd, kidney failure
N18.6|End stage renal disease|kidney failure, dialysis, esrd
N18.9|Chronic kidney disease, unspecified|ckd
N17.9|Acute kidney failure, unspecified|aki, kidney injury
N20.0|Calculus of kidney|kidney stone
N20.1|Calculus of ureter|kidney stone
N10|Acute pyelonephritis|kidney infection
N39.0|Urinary tract infection, site not specified|uti, urine infection
N39.3|Stress incontinence (female) (male)|leaking urine
N39.46|Mixed incontinence|leaking urine
N32.81|Overactive bladder
N40.0|Benign prostatic hyperplasia without lower urinary tract symptoms|enlarged prostate, bph
N40.1|Benign prostatic hyperplasia with lower urinary tract symptoms|enlarged prostate, bph
N45.1|Epididymitis
N52.9|Male erectile dysfunction, unspecified|impotence
R97.20|Elevated prostate specific antigen [PSA]|high psa
R31.9|Hematuria, unspecified|blood in urine
R30.0|Dysuria|burning urination
R32|Unspecified urinary incontinence
R33.9|Retention of urine, unspecified|cannot urinate
R35.0|Frequency of micturition|frequent urination
R35.1|Nocturia|urinating at night
R80.9|Proteinuria, unspecified|protein in urine
Z30.2|Encounter for sterilization|vasectomy, tubes tied
# Women's health and pregnancy
N63.0|Unspecified lump in unspecified breast|breast lump
N64.4|Mastodynia|breast pain
N76.0|Acute vaginitis|bacterial vaginosis
B37.31|Acute candidiasis of vulva and vagina|yeast infection
A59.01|Trichomonal vulvovaginitis|trichomonas
N73.9|Female pelvic inflammatory disease, unspecified|pid
N80.9|Endometriosis, unspecified
N83.209|Unspecified ovarian cyst, unspecified side
D25.9|Leiomyoma of uterus, unspecified|fibroids
N91.2|Amenorrhea, unspecified|no period, missed period
N92.0|Excessive and frequent menstruation with regular cycle|heavy periods
N92.6|Irregular menstruation, unspecified|irregular periods
N93.9|Abnormal uterine and vaginal bleeding, unspecified|abnormal bleeding
N94.6|Dysmenorrhea, unspecified|period pain, cramps
N95.1|Menopausal and female climacteric states|menopause, hot flashes
N95.0|Postmenopausal bleeding|bleeding after menopause
N95.2|Postmenopausal atrophic vaginitis|vaginal dryness
N97.9|Female infertility, unspecified
R87.610|Atypical squamous cells of undetermined significance on cytologic smear of cervix (ASC-US)|abnormal pap, ascus
Z30.011|Encounter for initial prescription of contraceptive pills|birth control pill
Z30.09|Encounter for other general counseling and advice on contraception|birth control
Z30.430|Encounter for insertion of intrauterine contraceptive device|iud
Z30.9|Encounter for contraceptive management, unspecified|birth control
Z32.01|Encounter for pregnancy test, result positive|pregnant
Z33.1|Pregnant state, incidental
Z34.90|Encounter for supervision of normal pregnancy, unspecified, unspecified trimester|prenatal care
O13.9|Gestational [pregnancy-induced] hypertension without significant proteinuria, unspecified trimester|high blood pressure in pregnancy
O21.0|Mild hyperemesis gravidarum|morning sickness
O03.9|Complete or unspecified spontaneous abortion without complication|miscarriage
Z39.2|Encounter for routine postpartum follow-up|after birth check
# Bones, joints and muscles
M54.50|Low back pain, unspecified|lumbago
M54.2|Cervicalgia|neck pain
M54.6|Pain in thoracic spine|mid back pain
M54.16|Radiculopathy, lumbar region|pinched nerve low back
M54.12|Radiculopathy, cervical region|pinched nerve neck
M54.31|Sciatica, right side|sciatica right
M54.32|Sciatica, left side|sciatica left
M51.26|Other intervertebral disc displacement, lumbar region|slipped disc, herniated disc
M51.369|Other intervertebral disc degeneration, lumbar region without mention of lumbar back pain or lower extremity pain|degenerative disc
M47.816|Spondylosis without myelopathy or radiculopathy, lumbar region|back arthritis
M48.061|Spinal stenosis, lumbar region without neurogenic claudication
S39.012A|Strain of muscle, fascia and tendon of lower back, initial encounter|back strain
S16.1XXA|Strain of muscle, fascia and tendon at neck level, initial encounter|neck strain, whiplash
M25.511|Pain in right shoulder|shoulder pain
M25.512|Pain in left shoulder|shoulder pain
M25.551|Pain in right hip|hip pain
M25.552|Pain in left hip|hip pain
M25.561|Pain in right knee|knee pain
M25.562|Pain in left knee|knee pain
M25.571|Pain in right ankle and joints of right foot|ankle pain
M25.572|Pain in left ankle and joints of left foot|ankle pain
M25.50|Pain in unspecified joint|joint pain
M75.100|Unspecified rotator cuff tear or rupture of unspecified shoulder, not specified as traumatic
M75.40|Impingement syndrome of unspecified shoulder|shoulder impingement
M75.50|Bursitis of unspecified shoulder|shoulder bursitis
M77.10|Lateral epicondylitis, unspecified elbow|tennis elbow
M65.30|Trigger finger, unspecified finger
M65.4|Radial styloid tenosynovitis [de Quervain]|thumb tendon
M70.60|Trochanteric bursitis, unspecified hip|hip bursitis
M72.2|Plantar fascial fibromatosis|heel pain, plantar fasciitis
M20.10|Hallux valgus (acquired), unspecified foot|bunion
M79.10|Myalgia, unspecified site|muscle pain
M79.7|Fibromyalgia
M79.89|Other specified soft tissue disorders|swelling
M62.830|Muscle spasm of back|back spasm
M17.0|Bilateral primary osteoarthritis of knee|knee arthritis
M17.11|Unilateral primary osteoarthritis, right knee|knee arthritis
M17.12|Unilateral primary osteoarthritis, left knee|knee arthritis
M16.9|Osteoarthritis of hip, unspecified|hip arthritis
M19.90|Unspecified osteoarthritis, unspecified site
M06.9|Rheumatoid arthritis, unspecified|ra
M32.9|Systemic lupus erythematosus, unspecified
M35.3|Polymyalgia rheumatica|pmr
L40.50|Arthropathic psoriasis, unspecified|psoriatic arthritis
M81.0|Age-related osteoporosis without current pathological fracture|weak bones
M85.80|Other specified disorders of bone density and structure, unspecified site|low bone density, osteopenia
S93.401A|Sprain of unspecified ligament of right ankle, initial encounter|ankle sprain
S93.402A|Sprain of unspecified ligament of left ankle, initial encounter|ankle sprain
R26.81|Unsteadiness on feet|unsteady
R29.6|Repeated falls
Z91.81|History of falling|falls
# Skin
L20.9|Atopic dermatitis, unspecified|eczema
L22|Diaper dermatitis|diaper rash
L21.9|Seborrheic dermatitis, unspecified|dandruff
L23.7|Allergic contact dermatitis due to plants, except food|poison ivy
L25.9|Unspecified contact dermatitis, unspecified cause|contact rash
L30.9|Dermatitis, unspecified|eczema, rash
L40.0|Psoriasis vulgaris
L50.9|Urticaria, unspecified|hives
L70.0|Acne vulgaris|pimples
L71.9|Rosacea, unspecified
L57.0|Actinic keratosis|sun spots
L82.1|Other seborrheic keratosis|age spots
L72.3|Sebaceous cyst
L02.91|Cutaneous abscess, unspecified|boil
L03.90|Cellulitis, unspecified|skin infection
L03.115|Cellulitis of right lower limb|cellulitis right leg
L03.116|Cellulitis of left lower limb|cellulitis left leg
L01.00|Impetigo, unspecified
L60.0|Ingrowing nail|ingrown nail
L65.9|Nonscarring hair loss, unspecified
L29.9|Pruritus, unspecified|itching
B00.1|Herpesviral vesicular dermatitis|cold sore
B02.9|Zoster without complications|shingles
B01.9|Varicella without complication|chickenpox
B07.9|Viral wart, unspecified|warts
A63.0|Anogenital (venereal) warts|genital warts
B08.1|Molluscum contagiosum
B08.4|Enteroviral vesicular stomatitis with exanthem|hand foot mouth
B35.1|Tinea unguium|nail fungus
B35.3|Tinea pedis|athlete's foot
B35.4|Tinea corporis|ringworm
B36.0|Pityriasis versicolor|tinea versicolor
B37.0|Candidal stomatitis|thrush
B85.0|Pediculosis due to Pediculus humanus capitis|head lice
B86|Scabies
R21|Rash and other nonspecific skin eruption
R61|Generalized hyperhidrosis|sweating
D22.9|Melanocytic nevi, unspecified|mole
D48.5|Neoplasm of uncertain behavior of skin|skin growth
T63.441A|Toxic effect of venom of bees, accidental (unintentional), initial encounter|bee sting
W57.XXXA|Bitten or stung by nonvenomous insect and other nonvenomous arthropods, initial encounter|bug bite, insect bite
T14.90XA|Injury, unspecified, initial encounter
# Infections and immunity
A69.20|Lyme disease, unspecified|tick
A74.9|Chlamydial infection, unspecified
A54.9|Gonococcal infection, unspecified|gonorrhea
A53.9|Syphilis, unspecified
B20|Human immunodeficiency virus [HIV] disease|aids
B27.90|Infectious mononucleosis, unspecified without complication|kissing disease
B34.9|Viral infection, unspecified
Z22.7|Latent tuberculosis|tb
R76.11|Nonspecific reaction to tuberculin skin test without active tuberculosis|positive tb test
T78.40XA|Allergy, unspecified, initial encounter|allergic reaction
T78.2XXA|Anaphylactic shock, unspecified, initial encounter|anaphylaxis
T88.7XXA|Unspecified adverse effect of drug or medicament, initial encounter|drug reaction
# Cancer
C50.919|Malignant neoplasm of unspecified site of unspecified female breast|breast cancer
C61|Malignant neoplasm of prostate|prostate cancer
C18.9|Malignant neoplasm of colon, unspecified|colon cancer
C34.90|Malignant neoplasm of unspecified part of unspecified bronchus or lung|lung cancer
C43.9|Malignant melanoma of skin, unspecified
C44.91|Basal cell carcinoma of skin, unspecified|skin cancer
C56.9|Malignant neoplasm of unspecified ovary|ovarian cancer
C85.90|Non-Hodgkin lymphoma, unspecified, unspecified site
Z85.3|Personal history of malignant neoplasm of breast|past breast cancer
Z80.3|Family history of malignant neoplasm of breast|family breast cancer
Z80.0|Family history of malignant neoplasm of digestive organs|family colon cancer
# Children
P59.9|Neonatal jaundice, unspecified|yellow baby
P07.30|Preterm newborn, unspecified weeks of gestation|premature baby
R62.50|Unspecified lack of expected normal physiological development in childhood|slow development
R62.51|Failure to thrive (child)|poor weight gain
R62.52|Short stature (child)|short child
R68.11|Excessive crying of infant (baby)|crying baby
R10.83|Colic
N39.44|Nocturnal enuresis|bed wetting
Q90.9|Down syndrome, unspecified
R01.1|Cardiac murmur, unspecified|heart murmur
Z00.110|Health examination for newborn under 8 days old|newborn visit
Z00.111|Health examination for newborn 8 to 28 days old|newborn visit
Z38.00|Single liveborn infant, delivered vaginally|newborn
# General signs
R50.9|Fever, unspecified
R53.1|Weakness
R53.81|Other malaise|unwell
R53.83|Other fatigue|tired
R52|Pain, unspecified
R60.0|Localized edema|swollen legs
R94.31|Abnormal electrocardiogram [ECG] [EKG]|abnormal ekg
# Visits, screening and circumstances
Z00.00|Encounter for general adult medical examination without abnormal findings|physical, checkup, annual exam
Z00.01|Encounter for general adult medical examination with abnormal findings|physical, checkup, annual exam
Z00.121|Encounter for routine child health examination with abnormal findings|well child
Z00.129|Encounter for routine child health examination without abnormal findings|well child
Z01.419|Encounter for gynecological examination (general) (routine) without abnormal findings|pap, pelvic exam
Z01.818|Encounter for other preprocedural examination|pre-op
Z02.5|Encounter for examination for participation in sport|sports physical
Z11.3|Encounter for screening for infections with a predominantly sexual mode of transmission|std screening
Z11.4|Encounter for screening for human immunodeficiency virus [HIV]|hiv screening
Z12.11|Encounter for screening for malignant neoplasm of colon|colonoscopy, colon screening
Z12.31|Encounter for screening mammogram for malignant neoplasm of breast
Z12.4|Encounter for screening for malignant neoplasm of cervix|pap smear
Z12.5|Encounter for screening for malignant neoplasm of prostate|psa screening
Z13.1|Encounter for screening for diabetes mellitus|diabetes screening
Z13.220|Encounter for screening for lipoid disorders|cholesterol screening
Z13.6|Encounter for screening for cardiovascular disorders|heart screening
Z13.31|Encounter for screening for depression|depression screening
Z23|Encounter for immunization|shots, vaccine
Z28.21|Immunization not carried out because of patient refusal|refused vaccine
Z48.02|Encounter for removal of sutures|stitches out
Z71.3|Dietary counseling and surveillance|diet advice
Z72.0|Tobacco use
Z76.0|Encounter for issue of repeat prescription|refill
Z79.01|Long term (current) use of anticoagulants|blood thinner, warfarin
Z79.02|Long term (current) use of antithrombotics/antiplatelets|plavix
Z79.4|Long term (current) use of insulin
Z79.82|Long term (current) use of aspirin
Z79.84|Long term (current) use of oral hypoglycemic drugs|diabetes pills
Z79.891|Long term (current) use of opiate analgesic|opioids
Z79.899|Other long term (current) drug therapy|long-term medicine
Z88.0|Allergy status to penicillin|penicillin allergy
Z91.010|Allergy to peanuts|peanut allergy
Z91.148|Patient's other noncompliance with medication regimen for other reason|not taking medicine
Z59.00|Homelessness unspecified
Z63.4|Disappearance and death of family member|grief, bereavement
Z66|Do not resuscitate|dnr
Z82.49|Family history of ischemic heart disease and other diseases of the circulatory system|family heart disease
Z83.3|Family history of diabetes mellitus|family diabetes
Z90.710|Acquired absence of both cervix and uterus|hysterectomy
Z95.0|Presence of cardiac pacemaker
Z95.1|Presence of aortocoronary bypass graft
Z95.5|Presence of coronary angioplasty implant and graft|stent
Z96.651|Presence of right artificial knee joint|knee replacement
Z98.84|Bariatric surgery status|weight-loss surgery
Z99.2|Dependence on renal dialysis`;

/**
 * The problems of primary care, grouped. Codes and titles are those of ICD-10-CM (public domain, CDC/NCHS), valid for
 * billing in fiscal year 2026 to the best of our knowledge; the choice and the search words are the project's own.
 * A small list to pick from: it is not the classification, and a practice imports the full official file.
 */
export const problemGroups: () => readonly ProblemGroup[] = once(() =>
  lines
    .trim()
    .split(/\n?^# /m)
    .slice(1)
    .map((text) => {
      const [name = "", ...rows] = text.split("\n");
      return { name, codes: rows.map(readProblem) };
    }),
);

/** Every problem of the list, in its order. */
export const problemCodes: () => readonly ProblemCode[] = once(() =>
  problemGroups().flatMap(({ codes }) => codes),
);

function readProblem(row: string): ProblemCode {
  const [code = "", title = "", words = ""] = row.split("|");
  return { code, title, words: words === "" ? [] : words.split(", ") };
}
