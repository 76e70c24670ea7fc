import { withWider } from "./drug-classes.ts";
import { cellsOf, listOf, once } from "./line-format.ts";

/** Where a drug acts. Duplicates count only within one place; an allergy counts everywhere. */
export const drugRoutes = ["body", "skin", "eye", "ear", "nose", "vagina"] as const;
export type DrugRoute = (typeof drugRoutes)[number];

export interface DrugForm {
  readonly form: string;
  /** As written on the label: `10 mg`, `20/12.5 mg`. Empty where it is not chosen by strength. */
  readonly strengths: readonly string[];
}

export interface Drug {
  /**
   * What is shown, and the drug's id in the chart, so it stays: `lisinopril`, `lisinopril + hydrochlorothiazide`,
   * `fluticasone (nose)`.
   */
  readonly name: string;
  readonly ingredients: readonly string[];
  /** False for "insulin" or "the pill": known by its class only, so a check against it is not complete. */
  readonly exact: boolean;
  /** Its own classes; of a combination, those of all its ingredients. */
  readonly classes: readonly string[];
  readonly route: DrugRoute;
  readonly forms: readonly DrugForm[];
  /** Usual frequencies in words, the commonest first. */
  readonly frequencies: readonly string[];
  /** Brand names, other generic names and abbreviations. */
  readonly brands: readonly string[];
}

/** Abbreviations of the table and how they are written out: prescriptions carry no Latin. */
const frequencyWords: Readonly<Record<string, string>> = {
  qd: "once daily",
  bid: "twice daily",
  tid: "three times daily",
  qid: "four times daily",
  qhs: "at bedtime",
  q4h: "every 4 hours",
  q6h: "every 6 hours",
  q8h: "every 8 hours",
  q12h: "every 12 hours",
  q72h: "every 3 days",
  qod: "every other day",
  tiw: "three times a week",
  biw: "twice a week",
  qw: "once a week",
  q2w: "every 2 weeks",
  qm: "once a month",
  q3m: "every 3 months",
  q6m: "every 6 months",
  qy: "once a year",
  ac: "before meals",
  wf: "with meals",
  prn: "as needed",
  once: "one dose",
};

const formWords: Readonly<Record<string, string>> = {
  tab: "tablet",
  cap: "capsule",
  er: "extended-release tablet",
  odt: "orally disintegrating tablet",
  chew: "chewable tablet",
  liq: "oral liquid",
  inj: "injection",
  pen: "injection pen",
  inh: "inhaler",
  neb: "nebulizer solution",
  patch: "patch",
  cream: "cream",
  oint: "ointment",
  gel: "gel",
  lotion: "lotion",
  foam: "foam",
  shampoo: "shampoo",
  soln: "solution",
  drops: "drops",
  spray: "spray",
  supp: "suppository",
  sl: "sublingual tablet",
  film: "film",
  ring: "ring",
  iud: "intrauterine device",
  implant: "implant",
  powder: "powder",
  lozenge: "lozenge",
  gum: "gum",
};

// `ingredient + ingredient|form strengths unit; …|frequencies|brands and other names|further classes`
// A line with # opens a class, with @ a place of action.
const lines = `
@ body
# penicillin
amoxicillin|cap 250 500 mg;tab 500 875 mg;chew 125 250 mg;liq 125 200 250 400 mg/5mL|tid bid|Amoxil, Trimox, Moxatag
penicillin v|tab 250 500 mg;liq 125 250 mg/5mL|qid bid|Penicillin VK, Veetids, Pen-Vee K, penicillin
penicillin g|inj 600000 1200000 2400000 unit|once|Bicillin L-A, benzathine penicillin
ampicillin|cap 250 500 mg|qid|Principen
dicloxacillin|cap 250 500 mg|qid|Dynapen
piperacillin|||
amoxicillin + clavulanate|tab 500/125 875/125 mg;liq 400/57 600/42.9 mg/5mL|bid tid|Augmentin, amox clav, co-amoxiclav
piperacillin + tazobactam|inj 3.375 4.5 g|q6h|Zosyn
# beta-lactamase-inhibitor
clavulanate||||
tazobactam||||
# cephalosporin
cephalexin|cap 250 500 mg;liq 125 250 mg/5mL|qid bid|Keflex
cefadroxil|cap 500 mg;liq 250 500 mg/5mL|bid|Duricef
cefaclor|cap 250 500 mg|tid|Ceclor
cefprozil|tab 250 500 mg|bid|Cefzil
cefuroxime|tab 250 500 mg|bid|Ceftin, Zinacef
cefdinir|cap 300 mg;liq 125 250 mg/5mL|bid qd|Omnicef
cefixime|cap 400 mg;liq 100 200 mg/5mL|qd|Suprax
cefpodoxime|tab 100 200 mg|bid|Vantin
ceftriaxone|inj 250 500 1000 mg|once qd|Rocephin
cefazolin|inj 1 2 g|q8h|Ancef, Kefzol
cefepime|inj 1 2 g|q8h|Maxipime
# carbapenem
meropenem|inj 500 1000 mg|q8h|Merrem
ertapenem|inj 1 g|qd|Invanz
# macrolide
azithromycin|tab 250 500 mg;liq 100 200 mg/5mL|qd|Zithromax, Z-Pak, Zpak
clarithromycin|tab 250 500 mg;liq 125 250 mg/5mL|bid|Biaxin
erythromycin|tab 250 500 mg|qid|E-Mycin, Ery-Tab, EES
# fluoroquinolone
ciprofloxacin|tab 250 500 750 mg|bid|Cipro
levofloxacin|tab 250 500 750 mg|qd|Levaquin
moxifloxacin|tab 400 mg|qd|Avelox
# tetracycline
doxycycline|cap 50 100 mg;tab 50 100 mg|bid qd|Vibramycin, Doryx, Monodox, Adoxa
minocycline|cap 50 100 mg|bid|Minocin, Solodyn
tetracycline|cap 250 500 mg|qid|Sumycin
# sulfonamide-antibiotic
sulfamethoxazole||||
sulfadiazine|tab 500 mg|qid|
sulfamethoxazole + trimethoprim|tab 400/80 800/160 mg;liq 200/40 mg/5mL|bid qd|Bactrim, Septra, co-trimoxazole, SMX TMP, TMP SMX
# lincosamide
clindamycin|cap 150 300 mg;liq 75 mg/5mL|tid qid|Cleocin
# glycopeptide
vancomycin|cap 125 250 mg;inj 500 1000 mg|qid q12h|Vancocin
# aminoglycoside
gentamicin|inj 40 mg/mL|q8h|Garamycin
# nitroimidazole
metronidazole|tab 250 500 mg|bid tid|Flagyl
tinidazole|tab 250 500 mg|qd once|Tindamax
# antibiotic-other
trimethoprim|tab 100 mg|bid|Primsol
nitrofurantoin|cap 50 100 mg|bid qid|Macrobid, Macrodantin
fosfomycin|powder 3 g|once|Monurol
linezolid|tab 600 mg|bid|Zyvox
rifaximin|tab 200 550 mg|tid bid|Xifaxan
methenamine|tab 500 1000 mg|bid|Hiprex, Urex
# tuberculosis-drug
isoniazid|tab 100 300 mg|qd|Nydrazid
rifampin|cap 150 300 mg|qd|Rifadin
# azole-antifungal
fluconazole|tab 50 100 150 200 mg;liq 10 40 mg/mL|once qd|Diflucan
itraconazole|cap 100 mg|qd bid|Sporanox
# antifungal-other
terbinafine|tab 250 mg|qd|Lamisil
nystatin|liq 100000 unit/mL|qid|Mycostatin
griseofulvin|tab 125 250 500 mg;liq 125 mg/5mL|qd|Gris-PEG
# herpes-antiviral
acyclovir|tab 400 800 mg;cap 200 mg;liq 200 mg/5mL|tid bid|Zovirax
valacyclovir|tab 500 1000 mg|bid tid qd|Valtrex
famciclovir|tab 125 250 500 mg|tid bid|Famvir
# antiviral
oseltamivir|cap 30 45 75 mg;liq 6 mg/mL|bid qd|Tamiflu
baloxavir|tab 40 80 mg|once|Xofluza
nirmatrelvir + ritonavir|tab 150/100 mg|bid|Paxlovid
nirmatrelvir||||
ritonavir|tab 100 mg|bid|Norvir
emtricitabine||||
tenofovir|tab 25 300 mg|qd|Viread, Vemlidy
emtricitabine + tenofovir|tab 200/300 200/25 mg|qd|Truvada, Descovy
# antiparasitic
ivermectin|tab 3 mg|once|Stromectol
albendazole|tab 200 mg|bid once|Albenza
hydroxychloroquine|tab 200 mg|qd bid|Plaquenil
atovaquone||||
proguanil||||
atovaquone + proguanil|tab 250/100 62.5/25 mg|qd|Malarone
# ace-inhibitor
lisinopril|tab 2.5 5 10 20 30 40 mg|qd|Zestril, Prinivil, Qbrelis
enalapril|tab 2.5 5 10 20 mg|qd bid|Vasotec
ramipril|cap 1.25 2.5 5 10 mg|qd|Altace
benazepril|tab 5 10 20 40 mg|qd|Lotensin
captopril|tab 12.5 25 50 100 mg|tid|Capoten
quinapril|tab 5 10 20 40 mg|qd|Accupril
fosinopril|tab 10 20 40 mg|qd|Monopril
perindopril|tab 2 4 8 mg|qd|Aceon
trandolapril|tab 1 2 4 mg|qd|Mavik
lisinopril + hydrochlorothiazide|tab 10/12.5 20/12.5 20/25 mg|qd|Zestoretic, Prinzide
benazepril + hydrochlorothiazide|tab 10/12.5 20/12.5 20/25 mg|qd|Lotensin HCT
benazepril + amlodipine|cap 10/2.5 10/5 20/5 20/10 40/5 40/10 mg|qd|Lotrel
# arb
losartan|tab 25 50 100 mg|qd|Cozaar
valsartan|tab 40 80 160 320 mg|qd bid|Diovan
olmesartan|tab 5 20 40 mg|qd|Benicar
irbesartan|tab 75 150 300 mg|qd|Avapro
candesartan|tab 4 8 16 32 mg|qd|Atacand
telmisartan|tab 20 40 80 mg|qd|Micardis
losartan + hydrochlorothiazide|tab 50/12.5 100/12.5 100/25 mg|qd|Hyzaar
valsartan + hydrochlorothiazide|tab 80/12.5 160/12.5 160/25 320/25 mg|qd|Diovan HCT
olmesartan + hydrochlorothiazide|tab 20/12.5 40/12.5 40/25 mg|qd|Benicar HCT
valsartan + amlodipine|tab 160/5 160/10 320/5 320/10 mg|qd|Exforge
olmesartan + amlodipine|tab 20/5 40/5 40/10 mg|qd|Azor
sacubitril + valsartan|tab 24/26 49/51 97/103 mg|bid|Entresto
# neprilysin-inhibitor
sacubitril||||
# ras-blocker
aliskiren|tab 150 300 mg|qd|Tekturna
# beta-blocker
metoprolol|tab 25 50 100 mg;er 25 50 100 200 mg|bid qd|Lopressor, Toprol, Toprol XL
atenolol|tab 25 50 100 mg|qd|Tenormin
carvedilol|tab 3.125 6.25 12.5 25 mg|bid|Coreg
bisoprolol|tab 5 10 mg|qd|Zebeta
nebivolol|tab 2.5 5 10 20 mg|qd|Bystolic
propranolol|tab 10 20 40 80 mg;cap 60 80 120 160 mg|bid qd|Inderal
labetalol|tab 100 200 300 mg|bid|Trandate, Normodyne
nadolol|tab 20 40 80 mg|qd|Corgard
sotalol|tab 80 120 160 mg|bid|Betapace|antiarrhythmic
bisoprolol + hydrochlorothiazide|tab 2.5/6.25 5/6.25 10/6.25 mg|qd|Ziac
atenolol + chlorthalidone|tab 50/25 100/25 mg|qd|Tenoretic
# dihydropyridine
amlodipine|tab 2.5 5 10 mg|qd|Norvasc
nifedipine|er 30 60 90 mg|qd|Procardia, Adalat
felodipine|er 2.5 5 10 mg|qd|Plendil
amlodipine + atorvastatin|tab 5/10 5/20 10/20 10/40 mg|qd|Caduet
# calcium-blocker-rate
diltiazem|cap 120 180 240 300 mg;tab 30 60 90 mg|qd tid|Cardizem, Cartia, Tiazac
verapamil|er 120 180 240 mg;tab 80 120 mg|qd tid|Calan, Verelan
# thiazide
hydrochlorothiazide|tab 12.5 25 50 mg;cap 12.5 mg|qd|HCTZ, Microzide
chlorthalidone|tab 12.5 25 50 mg|qd|Thalitone
indapamide|tab 1.25 2.5 mg|qd|Lozol
metolazone|tab 2.5 5 10 mg|qd|Zaroxolyn
triamterene + hydrochlorothiazide|tab 37.5/25 75/50 mg|qd|Maxzide, Dyazide
spironolactone + hydrochlorothiazide|tab 25/25 mg|qd|Aldactazide
# loop-diuretic
furosemide|tab 20 40 80 mg;liq 10 mg/mL|qd bid|Lasix
torsemide|tab 5 10 20 100 mg|qd|Demadex, Soaanz
bumetanide|tab 0.5 1 2 mg|qd bid|Bumex
# potassium-sparing
spironolactone|tab 25 50 100 mg|qd|Aldactone
eplerenone|tab 25 50 mg|qd|Inspra
finerenone|tab 10 20 mg|qd|Kerendia
triamterene|cap 50 100 mg|qd|Dyrenium
amiloride|tab 5 mg|qd|Midamor
# alpha-blocker
tamsulosin|cap 0.4 mg|qd|Flomax
doxazosin|tab 1 2 4 8 mg|qhs qd|Cardura
terazosin|cap 1 2 5 10 mg|qhs|Hytrin
prazosin|cap 1 2 5 mg|qhs bid|Minipress
alfuzosin|er 10 mg|qd|Uroxatral
silodosin|cap 4 8 mg|qd|Rapaflo
# central-antihypertensive
clonidine|tab 0.1 0.2 0.3 mg;patch 0.1 0.2 0.3 mg/day|bid qw|Catapres, Kapvay
guanfacine|tab 1 2 mg;er 1 2 3 4 mg|qd qhs|Intuniv, Tenex
methyldopa|tab 250 500 mg|bid|Aldomet
# vasodilator
hydralazine|tab 10 25 50 100 mg|tid|Apresoline
minoxidil|tab 2.5 10 mg|qd|Loniten
# nitrate
nitroglycerin|sl 0.3 0.4 0.6 mg;patch 0.2 0.4 mg/h|prn qd|Nitrostat, Nitro-Dur, nitro
isosorbide mononitrate|er 30 60 120 mg|qd|Imdur
isosorbide dinitrate|tab 5 10 20 30 mg|tid|Isordil
isosorbide (kind not stated)|||isosorbide
# antiarrhythmic
amiodarone|tab 100 200 400 mg|qd|Pacerone, Cordarone
flecainide|tab 50 100 150 mg|bid|Tambocor
ranolazine|er 500 1000 mg|bid|Ranexa
ivabradine|tab 5 7.5 mg|bid|Corlanor
# cardiac-glycoside
digoxin|tab 0.125 0.25 mg|qd|Lanoxin
# statin
atorvastatin|tab 10 20 40 80 mg|qd|Lipitor
rosuvastatin|tab 5 10 20 40 mg|qd|Crestor
simvastatin|tab 5 10 20 40 mg|qhs|Zocor
pravastatin|tab 10 20 40 80 mg|qhs|Pravachol
lovastatin|tab 10 20 40 mg|qhs|Mevacor
pitavastatin|tab 1 2 4 mg|qd|Livalo
ezetimibe + simvastatin|tab 10/10 10/20 10/40 mg|qhs|Vytorin
# fibrate
fenofibrate|tab 48 54 145 160 mg|qd|Tricor, Trilipix
gemfibrozil|tab 600 mg|bid|Lopid
# lipid-other
ezetimibe|tab 10 mg|qd|Zetia
icosapent ethyl|cap 1 g|bid|Vascepa
omega-3 fatty acids|cap 1 g|bid|Lovaza, fish oil
niacin|er 500 750 1000 mg|qhs|Niaspan, nicotinic acid, vitamin B3
colesevelam|tab 625 mg|bid|Welchol
cholestyramine|powder 4 g|bid|Questran
bempedoic acid|tab 180 mg|qd|Nexletol
# pcsk9-inhibitor
evolocumab|pen 140 mg|q2w|Repatha
alirocumab|pen 75 150 mg|q2w|Praluent
# anticoagulant
warfarin|tab 1 2 2.5 3 4 5 6 7.5 10 mg|qd|Coumadin, Jantoven
apixaban|tab 2.5 5 mg|bid|Eliquis
rivaroxaban|tab 2.5 10 15 20 mg|qd|Xarelto
dabigatran|cap 75 110 150 mg|bid|Pradaxa
edoxaban|tab 15 30 60 mg|qd|Savaysa
# heparin
enoxaparin|inj 30 40 60 80 100 mg|q12h qd|Lovenox
heparin|inj 5000 unit/mL|q8h|
# p2y12-inhibitor
clopidogrel|tab 75 mg|qd|Plavix
ticagrelor|tab 60 90 mg|bid|Brilinta
prasugrel|tab 5 10 mg|qd|Effient
# antiplatelet
cilostazol|tab 50 100 mg|bid|Pletal
dipyridamole|tab 25 50 75 mg|qid|Persantine
aspirin + dipyridamole|cap 25/200 mg|bid|Aggrenox
# biguanide
metformin|tab 500 850 1000 mg;er 500 750 1000 mg|bid qd|Glucophage, Fortamet, Glumetza
# sulfonylurea
glipizide|tab 5 10 mg;er 2.5 5 10 mg|qd bid|Glucotrol
glimepiride|tab 1 2 4 mg|qd|Amaryl
glyburide|tab 1.25 2.5 5 mg|qd bid|Diabeta, Glynase, glibenclamide
glipizide + metformin|tab 2.5/500 5/500 mg|bid|Metaglip
# dpp4-inhibitor
sitagliptin|tab 25 50 100 mg|qd|Januvia, Zituvio
linagliptin|tab 5 mg|qd|Tradjenta
saxagliptin|tab 2.5 5 mg|qd|Onglyza
alogliptin|tab 6.25 12.5 25 mg|qd|Nesina
sitagliptin + metformin|tab 50/500 50/1000 mg|bid|Janumet
# glp1-agonist
semaglutide|pen 0.25 0.5 1 1.7 2 2.4 mg;tab 3 7 14 mg|qw qd|Ozempic, Wegovy, Rybelsus
liraglutide|pen 0.6 1.2 1.8 3 mg|qd|Victoza, Saxenda
dulaglutide|pen 0.75 1.5 3 4.5 mg|qw|Trulicity
exenatide|pen 5 10 mcg;inj 2 mg|bid qw|Byetta, Bydureon
tirzepatide|pen 2.5 5 7.5 10 12.5 15 mg|qw|Mounjaro, Zepbound
# sglt2-inhibitor
empagliflozin|tab 10 25 mg|qd|Jardiance
dapagliflozin|tab 5 10 mg|qd|Farxiga
canagliflozin|tab 100 300 mg|qd|Invokana
ertugliflozin|tab 5 15 mg|qd|Steglatro
empagliflozin + linagliptin|tab 10/5 25/5 mg|qd|Glyxambi
empagliflozin + metformin|tab 5/500 5/1000 12.5/500 12.5/1000 mg|bid|Synjardy
dapagliflozin + metformin|er 5/500 5/1000 10/500 10/1000 mg|qd|Xigduo
# glitazone
pioglitazone|tab 15 30 45 mg|qd|Actos
# insulin-basal
insulin glargine|pen 100 300 unit/mL|qd|Lantus, Basaglar, Toujeo, Semglee, glargine
insulin detemir|pen 100 unit/mL|qd bid|Levemir, detemir
insulin degludec|pen 100 200 unit/mL|qd|Tresiba, degludec
insulin nph|inj 100 unit/mL|bid|Humulin N, Novolin N, NPH
# insulin-rapid
insulin lispro|pen 100 200 unit/mL|ac|Humalog, Admelog, Lyumjev, lispro
insulin aspart|pen 100 unit/mL|ac|Novolog, Fiasp, aspart
insulin glulisine|pen 100 unit/mL|ac|Apidra
insulin regular|inj 100 unit/mL|ac|Humulin R, Novolin R
# insulin-premixed
insulin nph and regular|inj 70/30 unit/mL|bid|Humulin 70/30, Novolin 70/30
insulin lispro protamine mix|pen 75/25 unit/mL|bid|Humalog Mix, Humalog Mix 75/25
insulin aspart protamine mix|pen 70/30 unit/mL|bid|Novolog Mix, Novolog Mix 70/30
# insulin
insulin (kind not stated)|inj 100 unit/mL||insulin, Humulin, Novolin
# thyroid-hormone
levothyroxine|tab 25 50 75 88 100 112 125 137 150 175 200 mcg|qd|Synthroid, Levoxyl, Unithroid, Euthyrox, Tirosint
liothyronine|tab 5 25 50 mcg|qd|Cytomel
thyroid, desiccated|tab 15 30 60 90 mg|qd|Armour Thyroid, NP Thyroid
# antithyroid
methimazole|tab 5 10 mg|qd|Tapazole
propylthiouracil|tab 50 mg|tid|PTU
# corticosteroid
prednisone|tab 1 2.5 5 10 20 50 mg|qd|Deltasone, Rayos
prednisolone|liq 15 mg/5mL;odt 10 15 30 mg|qd bid|Orapred, Prelone, Millipred
methylprednisolone|tab 4 8 16 32 mg;inj 40 80 mg|qd|Medrol, Medrol Dosepak, Solu-Medrol, Depo-Medrol
dexamethasone|tab 0.5 1 2 4 6 mg;inj 4 mg/mL|once qd|Decadron
hydrocortisone|tab 5 10 20 mg|bid|Cortef
triamcinolone|inj 10 40 mg/mL|once|Kenalog-40
fludrocortisone|tab 0.1 mg|qd|Florinef
# estrogen
estradiol|tab 0.5 1 2 mg;patch 0.025 0.05 0.1 mg/day|qd biw|Estrace, Climara, Vivelle-Dot
conjugated estrogens|tab 0.3 0.45 0.625 0.9 1.25 mg|qd|Premarin
ethinyl estradiol||||
conjugated estrogens + medroxyprogesterone|tab 0.45/1.5 0.625/2.5 0.625/5 mg|qd|Prempro
# progestin
progesterone|cap 100 200 mg|qhs|Prometrium
medroxyprogesterone|tab 2.5 5 10 mg|qd|Provera
norgestimate||||
drospirenone|tab 4 mg|qd|Slynd
desogestrel||||
etonogestrel||||
norelgestromin||||
megestrol|tab 20 40 mg;liq 40 mg/mL|qd|Megace
# contraceptive
ethinyl estradiol + norgestimate|tab|qd|Ortho Tri-Cyclen, Ortho-Cyclen, Sprintec, Tri-Sprintec
ethinyl estradiol + levonorgestrel|tab|qd|Aviane, Levora, Seasonale, Seasonique
ethinyl estradiol + norethindrone|tab|qd|Loestrin, Lo Loestrin, Junel, Microgestin
ethinyl estradiol + drospirenone|tab|qd|Yaz, Yasmin
ethinyl estradiol + desogestrel|tab|qd|Apri, Desogen, Kariva
ethinyl estradiol + etonogestrel|ring|qm|NuvaRing, EluRyng
ethinyl estradiol + norelgestromin|patch|qw|Xulane, Ortho Evra
norethindrone|tab 0.35 5 mg|qd|Camila, Errin, Micronor, Nora-BE, mini-pill|progestin
medroxyprogesterone (contraceptive)|inj 104 150 mg|q3m|Depo-Provera, Depo|progestin
levonorgestrel|iud 13.5 19.5 52 mg|once|Mirena, Kyleena, Skyla, Liletta|progestin
levonorgestrel (emergency)|tab 1.5 mg|once|Plan B|progestin
etonogestrel (implant)|implant 68 mg|once|Nexplanon|progestin
ulipristal|tab 30 mg|once|Ella
contraceptive pill (kind not stated)|tab|qd|birth control pill, birth control, oral contraceptive
# androgen
testosterone|gel 1 1.62 %;inj 100 200 mg/mL|qd qw|Androgel, Testim, Depo-Testosterone
# bisphosphonate
alendronate|tab 10 35 70 mg|qw|Fosamax
risedronate|tab 5 35 150 mg|qw qm|Actonel
ibandronate|tab 150 mg|qm|Boniva
zoledronic acid|inj 5 mg|qy|Reclast
# bone-drug
denosumab|inj 60 mg|q6m|Prolia
raloxifene|tab 60 mg|qd|Evista
teriparatide|pen 20 mcg|qd|Forteo
calcitonin|spray 200 unit|qd|Miacalcin
# hormone-other
desmopressin|tab 0.1 0.2 mg|qhs|DDAVP
cabergoline|tab 0.5 mg|biw|Dostinex
clomiphene|tab 50 mg|qd|Clomid
# nsaid
ibuprofen|tab 200 400 600 800 mg;liq 100 mg/5mL|q6h prn|Advil, Motrin
naproxen|tab 220 250 375 500 mg|bid|Aleve, Naprosyn, Anaprox
meloxicam|tab 7.5 15 mg|qd|Mobic
celecoxib|cap 100 200 mg|qd bid|Celebrex
diclofenac|tab 50 75 mg;er 100 mg|bid tid|Cataflam, Voltaren tablets
indomethacin|cap 25 50 75 mg|tid bid|Indocin
ketorolac|tab 10 mg;inj 15 30 mg|q6h once|Toradol
nabumetone|tab 500 750 mg|bid qd|Relafen
etodolac|cap 200 300 mg;tab 400 500 mg|bid|Lodine
piroxicam|cap 10 20 mg|qd|Feldene
ketoprofen|cap 50 75 mg|tid|Orudis
sulindac|tab 150 200 mg|bid|Clinoril
sumatriptan + naproxen|tab 85/500 mg|once|Treximet
ibuprofen + famotidine|tab 800/26.6 mg|tid|Duexis
naproxen + esomeprazole|tab 375/20 500/20 mg|bid|Vimovo
# salicylate
aspirin|tab 81 325 mg;chew 81 mg|qd|ASA, acetylsalicylic acid, Bayer, Ecotrin, Bufferin
salsalate|tab 500 750 mg|bid|Disalcid
bismuth subsalicylate|liq 262 mg/15mL;chew 262 mg|prn|Pepto-Bismol, Kaopectate
aspirin + acetaminophen + caffeine|tab 250/250/65 mg|prn|Excedrin
# analgesic
acetaminophen|tab 325 500 650 mg;liq 160 mg/5mL;supp 120 325 650 mg|q6h prn|Tylenol, paracetamol, APAP
caffeine|tab 200 mg|prn|NoDoz
phenazopyridine|tab 100 200 mg|tid|Pyridium, Azo
acetaminophen + diphenhydramine|tab 500/25 mg|qhs|Tylenol PM
butalbital||||
acetaminophen + butalbital + caffeine|tab 325/50/40 mg|q4h prn|Fioricet, Esgic
# opioid-phenanthrene
oxycodone|tab 5 10 15 20 30 mg;er 10 20 30 40 mg|q6h q12h|OxyContin, Roxicodone
hydrocodone|er 20 30 40 60 mg|qd|Hysingla
morphine|tab 15 30 mg;er 15 30 60 100 mg;liq 20 mg/mL|q4h q12h|MS Contin, Roxanol
codeine|tab 15 30 60 mg|q6h|
hydromorphone|tab 2 4 8 mg|q6h|Dilaudid
oxymorphone|tab 5 10 mg|q6h|Opana
buprenorphine|patch 5 7.5 10 15 20 mcg/h;sl 2 8 mg|qw qd|Butrans, Subutex, Belbuca, Sublocade|addiction-drug
oxycodone + acetaminophen|tab 5/325 7.5/325 10/325 mg|q6h prn|Percocet, Endocet, Roxicet
hydrocodone + acetaminophen|tab 5/325 7.5/325 10/325 mg|q6h prn|Vicodin, Norco, Lortab
codeine + acetaminophen|tab 15/300 30/300 60/300 mg|q6h prn|Tylenol 3, Tylenol with codeine
buprenorphine + naloxone|film 2/0.5 4/1 8/2 12/3 mg|qd|Suboxone, Zubsolv
# opioid
tramadol|tab 50 100 mg;er 100 200 300 mg|q6h prn qd|Ultram
tapentadol|tab 50 75 100 mg|q6h|Nucynta
methadone|tab 5 10 mg|q8h qd|Dolophine|addiction-drug
fentanyl|patch 12 25 50 75 100 mcg/h|q72h|Duragesic
meperidine|tab 50 100 mg|q4h|Demerol
tramadol + acetaminophen|tab 37.5/325 mg|q6h prn|Ultracet
# opioid-antagonist
naloxone|spray 4 mg|once|Narcan
naltrexone|tab 50 mg;inj 380 mg|qd qm|Revia, Vivitrol|addiction-drug
# muscle-relaxant
cyclobenzaprine|tab 5 7.5 10 mg|tid qhs|Flexeril, Amrix, Fexmid
methocarbamol|tab 500 750 mg|qid|Robaxin
tizanidine|tab 2 4 mg|tid|Zanaflex
baclofen|tab 5 10 20 mg|tid|Lioresal
metaxalone|tab 800 mg|tid|Skelaxin
carisoprodol|tab 250 350 mg|tid|Soma
# triptan
sumatriptan|tab 25 50 100 mg;inj 6 mg;spray 20 mg|once|Imitrex
rizatriptan|tab 5 10 mg;odt 5 10 mg|once|Maxalt
zolmitriptan|tab 2.5 5 mg|once|Zomig
eletriptan|tab 20 40 mg|once|Relpax
naratriptan|tab 1 2.5 mg|once|Amerge
# cgrp-blocker
erenumab|pen 70 140 mg|qm|Aimovig
galcanezumab|pen 120 mg|qm|Emgality
fremanezumab|pen 225 mg|qm|Ajovy
rimegepant|odt 75 mg|once qod|Nurtec
ubrogepant|tab 50 100 mg|once|Ubrelvy
atogepant|tab 10 30 60 mg|qd|Qulipta
# xanthine-oxidase-inhibitor
allopurinol|tab 100 300 mg|qd|Zyloprim
febuxostat|tab 40 80 mg|qd|Uloric
# gout-drug
colchicine|tab 0.6 mg|bid qd|Colcrys, Mitigare
probenecid|tab 500 mg|bid|
# immunosuppressant
methotrexate|tab 2.5 mg;inj 25 mg/mL|qw|Trexall, Otrexup
leflunomide|tab 10 20 mg|qd|Arava
azathioprine|tab 50 mg|qd|Imuran
mycophenolate|cap 250 mg;tab 500 mg|bid|CellCept, Myfortic
tacrolimus|cap 0.5 1 5 mg|bid|Prograf
cyclosporine|cap 25 50 100 mg|bid|Neoral, Sandimmune, Gengraf
tofacitinib|tab 5 10 mg|bid|Xeljanz
upadacitinib|er 15 30 mg|qd|Rinvoq
apremilast|tab 30 mg|bid|Otezla
# tnf-blocker
adalimumab|pen 40 mg|q2w|Humira
etanercept|pen 50 mg|qw|Enbrel
infliximab|inj 100 mg||Remicade
# biologic
dupilumab|pen 200 300 mg|q2w|Dupixent
ustekinumab|inj 45 90 mg|q3m|Stelara
secukinumab|pen 150 300 mg|qm|Cosentyx
omalizumab|inj 75 150 mg|qm|Xolair
rituximab|inj 100 500 mg||Rituxan
# local-anesthetic-amide
lidocaine|inj 1 2 %;patch 4 5 %;gel 2 %|once prn|Xylocaine, Lidoderm
bupivacaine|inj 0.25 0.5 %|once|Marcaine
mepivacaine|inj 3 %|once|Carbocaine
# local-anesthetic-ester
procaine|inj 1 2 %|once|Novocain
benzocaine|gel 10 20 %;lozenge 15 mg|prn|Orajel, Anbesol
# ssri
sertraline|tab 25 50 100 mg|qd|Zoloft
fluoxetine|cap 10 20 40 mg|qd|Prozac, Sarafem
escitalopram|tab 5 10 20 mg|qd|Lexapro
citalopram|tab 10 20 40 mg|qd|Celexa
paroxetine|tab 10 20 30 40 mg|qd|Paxil
fluvoxamine|tab 25 50 100 mg|qhs|Luvox
# snri
venlafaxine|cap 37.5 75 150 mg;tab 37.5 75 mg|qd bid|Effexor
duloxetine|cap 20 30 60 mg|qd|Cymbalta
desvenlafaxine|er 25 50 100 mg|qd|Pristiq
milnacipran|tab 12.5 25 50 100 mg|bid|Savella
# tricyclic
amitriptyline|tab 10 25 50 75 100 mg|qhs|Elavil
nortriptyline|cap 10 25 50 75 mg|qhs|Pamelor
doxepin|cap 10 25 50 mg;tab 3 6 mg|qhs|Silenor, Sinequan
imipramine|tab 10 25 50 mg|qhs|Tofranil
clomipramine|cap 25 50 75 mg|qhs|Anafranil
# antidepressant-other
bupropion|er 100 150 200 300 mg|qd bid|Wellbutrin, Zyban|smoking-drug
trazodone|tab 50 100 150 mg|qhs|Desyrel
mirtazapine|tab 7.5 15 30 45 mg|qhs|Remeron
vortioxetine|tab 5 10 20 mg|qd|Trintellix
vilazodone|tab 10 20 40 mg|qd|Viibryd
phenelzine|tab 15 mg|tid|Nardil
# benzodiazepine
lorazepam|tab 0.5 1 2 mg|bid prn|Ativan
alprazolam|tab 0.25 0.5 1 2 mg|tid prn|Xanax
clonazepam|tab 0.5 1 2 mg|bid|Klonopin
diazepam|tab 2 5 10 mg|bid prn|Valium
temazepam|cap 7.5 15 30 mg|qhs|Restoril
# hypnotic
zolpidem|tab 5 10 mg;er 6.25 12.5 mg|qhs|Ambien
eszopiclone|tab 1 2 3 mg|qhs|Lunesta
zaleplon|cap 5 10 mg|qhs|Sonata
suvorexant|tab 5 10 15 20 mg|qhs|Belsomra
ramelteon|tab 8 mg|qhs|Rozerem
# anxiolytic-other
buspirone|tab 5 7.5 10 15 30 mg|bid|Buspar
# antipsychotic
quetiapine|tab 25 50 100 200 300 mg|qhs bid|Seroquel
risperidone|tab 0.25 0.5 1 2 3 4 mg|bid|Risperdal
olanzapine|tab 2.5 5 7.5 10 15 20 mg|qhs|Zyprexa
aripiprazole|tab 2 5 10 15 20 30 mg|qd|Abilify
ziprasidone|cap 20 40 60 80 mg|bid|Geodon
lurasidone|tab 20 40 60 80 120 mg|qd|Latuda
haloperidol|tab 0.5 1 2 5 10 mg|bid|Haldol
clozapine|tab 25 50 100 200 mg|bid|Clozaril
brexpiprazole|tab 0.5 1 2 3 4 mg|qd|Rexulti
cariprazine|cap 1.5 3 4.5 6 mg|qd|Vraylar
# mood-stabilizer
lithium|cap 150 300 600 mg;er 300 450 mg|bid|Lithobid, Eskalith
# aromatic-anticonvulsant
carbamazepine|tab 100 200 mg;er 100 200 400 mg|bid|Tegretol
oxcarbazepine|tab 150 300 600 mg|bid|Trileptal
phenytoin|cap 100 mg|tid|Dilantin
phenobarbital|tab 16.2 32.4 64.8 mg|qhs|
lamotrigine|tab 25 100 150 200 mg|qd bid|Lamictal
# anticonvulsant
levetiracetam|tab 250 500 750 1000 mg;liq 100 mg/mL|bid|Keppra
valproate|tab 125 250 500 mg;er 250 500 mg|bid qd|Depakote, divalproex, valproic acid, Depakene
topiramate|tab 25 50 100 200 mg|bid|Topamax
zonisamide|cap 25 50 100 mg|qd|Zonegran
lacosamide|tab 50 100 150 200 mg|bid|Vimpat
primidone|tab 50 250 mg|qhs tid|Mysoline
# gabapentinoid
gabapentin|cap 100 300 400 mg;tab 600 800 mg|tid|Neurontin, Gralise
pregabalin|cap 25 50 75 100 150 200 300 mg|bid|Lyrica
# stimulant
methylphenidate|tab 5 10 20 mg;er 18 27 36 54 mg|bid qd|Ritalin, Concerta, Metadate, Daytrana
dexmethylphenidate|tab 2.5 5 10 mg;cap 5 10 15 20 mg|bid qd|Focalin
amphetamine salts|tab 5 10 15 20 30 mg;cap 5 10 15 20 25 30 mg|bid qd|Adderall, dextroamphetamine amphetamine, mixed amphetamine salts, amphetamine
lisdexamfetamine|cap 10 20 30 40 50 60 70 mg|qd|Vyvanse
dextroamphetamine|tab 5 10 mg|bid|Dexedrine
modafinil|tab 100 200 mg|qd|Provigil
# adhd-other
atomoxetine|cap 10 18 25 40 60 80 100 mg|qd|Strattera
viloxazine|cap 100 150 200 mg|qd|Qelbree
# dementia-drug
donepezil|tab 5 10 23 mg|qhs|Aricept
rivastigmine|cap 1.5 3 4.5 6 mg;patch 4.6 9.5 13.3 mg/day|bid qd|Exelon
galantamine|tab 4 8 12 mg|bid|Razadyne
# memantine-like
memantine|tab 5 10 mg|bid|Namenda
# parkinson-drug
levodopa||||
carbidopa|tab 25 mg||Lodosyn
carbidopa + levodopa|tab 10/100 25/100 25/250 mg;er 25/100 50/200 mg|tid|Sinemet, Rytary
rasagiline|tab 0.5 1 mg|qd|Azilect
selegiline|cap 5 mg|bid|Eldepryl
amantadine|cap 100 mg|bid|Symmetrel, Gocovri
benztropine|tab 0.5 1 2 mg|bid|Cogentin
# dopamine-agonist
ropinirole|tab 0.25 0.5 1 2 3 4 mg|tid qhs|Requip
pramipexole|tab 0.125 0.25 0.5 1 mg|tid qhs|Mirapex
# addiction-drug
acamprosate|tab 333 mg|tid|Campral
disulfiram|tab 250 500 mg|qd|Antabuse
# smoking-drug
varenicline|tab 0.5 1 mg|bid|Chantix
nicotine|patch 7 14 21 mg/day;gum 2 4 mg;lozenge 2 4 mg|qd prn|Nicoderm, Nicorette
# weight-drug
phentermine|cap 15 30 mg;tab 37.5 mg|qd|Adipex, Adipex-P
orlistat|cap 60 120 mg|tid|Xenical, Alli
bupropion + naltrexone|er 8/90 mg|bid|Contrave
phentermine + topiramate|cap 3.75/23 7.5/46 15/92 mg|qd|Qsymia
# saba
albuterol|inh 90 mcg;neb 0.63 1.25 2.5 mg/3mL|q4h prn|Ventolin, ProAir, Proventil, salbutamol
levalbuterol|inh 45 mcg;neb 0.31 0.63 1.25 mg/3mL|q6h prn|Xopenex
# laba
salmeterol|inh 50 mcg|bid|Serevent
formoterol|neb 20 mcg/2mL|bid|Perforomist
vilanterol||||
olodaterol|inh 2.5 mcg|qd|Striverdi
# lama
tiotropium|inh 18 1.25 2.5 mcg|qd|Spiriva
umeclidinium|inh 62.5 mcg|qd|Incruse
glycopyrrolate|tab 1 2 mg|bid|Robinul
tiotropium + olodaterol|inh 2.5/2.5 mcg|qd|Stiolto
umeclidinium + vilanterol|inh 62.5/25 mcg|qd|Anoro
# sama
ipratropium|inh 17 mcg;neb 0.5 mg/2.5mL|qid|Atrovent HFA
ipratropium + albuterol|inh 20/100 mcg;neb 0.5/2.5 mg/3mL|qid|Combivent, DuoNeb
# inhaled-steroid
fluticasone|inh 44 110 220 mcg|bid|Flovent, Arnuity
budesonide|inh 90 180 mcg;neb 0.25 0.5 1 mg/2mL|bid|Pulmicort
beclomethasone|inh 40 80 mcg|bid|Qvar
mometasone|inh 110 220 mcg|qd|Asmanex
ciclesonide|inh 80 160 mcg|bid|Alvesco
fluticasone + salmeterol|inh 100/50 250/50 500/50 mcg|bid|Advair, Wixela, AirDuo
fluticasone + vilanterol|inh 100/25 200/25 mcg|qd|Breo
budesonide + formoterol|inh 80/4.5 160/4.5 mcg|bid|Symbicort, Breyna
mometasone + formoterol|inh 100/5 200/5 mcg|bid|Dulera
budesonide + albuterol|inh 80/90 mcg|prn|Airsupra
fluticasone + umeclidinium + vilanterol|inh 100/62.5/25 200/62.5/25 mcg|qd|Trelegy
budesonide + glycopyrrolate + formoterol|inh 160/9/4.8 mcg|bid|Breztri
# leukotriene-blocker
montelukast|tab 10 mg;chew 4 5 mg|qhs|Singulair
# antihistamine
cetirizine|tab 5 10 mg;liq 5 mg/5mL|qd|Zyrtec
levocetirizine|tab 5 mg|qhs|Xyzal
loratadine|tab 10 mg;liq 5 mg/5mL|qd|Claritin, Alavert
desloratadine|tab 5 mg|qd|Clarinex
fexofenadine|tab 60 180 mg|qd bid|Allegra
diphenhydramine|cap 25 50 mg;liq 12.5 mg/5mL|q6h qhs|Benadryl, ZzzQuil
hydroxyzine|tab 10 25 50 mg|tid qhs prn|Atarax, Vistaril
chlorpheniramine|tab 4 mg|q6h|Chlor-Trimeton
doxylamine|tab 25 mg|qhs|Unisom
cyproheptadine|tab 4 mg|tid|Periactin
meclizine|tab 12.5 25 mg|tid prn|Antivert, Bonine
doxylamine + pyridoxine|tab 10/10 mg|qhs|Diclegis, Bonjesta
# decongestant
pseudoephedrine|tab 30 60 mg;er 120 mg|q6h|Sudafed
phenylephrine|tab 10 mg|q4h|Sudafed PE
cetirizine + pseudoephedrine|er 5/120 mg|bid|Zyrtec-D
loratadine + pseudoephedrine|er 5/120 10/240 mg|qd|Claritin-D
fexofenadine + pseudoephedrine|er 60/120 180/240 mg|qd|Allegra-D
# cough-cold
guaifenesin|er 600 1200 mg;liq 100 mg/5mL|bid q4h|Mucinex
dextromethorphan|liq 15 30 mg/5mL|q6h|Delsym
benzonatate|cap 100 200 mg|tid|Tessalon
guaifenesin + dextromethorphan|er 600/30 mg;liq 100/10 mg/5mL|bid q4h|Mucinex DM, Robitussin DM
# emergency-allergy
epinephrine|inj 0.15 0.3 mg|once|EpiPen, Auvi-Q, adrenaline
# ppi
omeprazole|cap 10 20 40 mg|qd|Prilosec
esomeprazole|cap 20 40 mg|qd|Nexium
pantoprazole|tab 20 40 mg|qd|Protonix
lansoprazole|cap 15 30 mg|qd|Prevacid
rabeprazole|tab 20 mg|qd|Aciphex
dexlansoprazole|cap 30 60 mg|qd|Dexilant
# h2-blocker
famotidine|tab 10 20 40 mg|bid qhs|Pepcid
cimetidine|tab 200 400 800 mg|bid|Tagamet
ranitidine|tab 75 150 300 mg|bid|Zantac
# antacid
calcium carbonate|chew 500 750 mg|prn|Tums, calcium
sucralfate|tab 1 g|qid|Carafate
# antiemetic
ondansetron|tab 4 8 mg;odt 4 8 mg|q8h prn|Zofran
promethazine|tab 12.5 25 mg;supp 12.5 25 mg|q6h prn|Phenergan
metoclopramide|tab 5 10 mg|qid|Reglan
prochlorperazine|tab 5 10 mg|q6h prn|Compazine
scopolamine|patch 1 mg/3days|q72h|Transderm Scop
# laxative
polyethylene glycol|powder 17 g|qd|Miralax, PEG 3350, Golytely
docusate|cap 100 mg|bid|Colace
senna|tab 8.6 mg|qhs|Senokot, sennosides
bisacodyl|tab 5 mg;supp 10 mg|prn|Dulcolax
lactulose|liq 10 g/15mL|qd bid|Enulose
psyllium|powder 3.4 g|qd|Metamucil
magnesium hydroxide|liq 400 mg/5mL|prn|Milk of Magnesia
linaclotide|cap 72 145 290 mcg|qd|Linzess
lubiprostone|cap 8 24 mcg|bid|Amitiza
docusate + senna|tab 50/8.6 mg|qd bid|Senokot-S, Senna-S
# antidiarrheal
loperamide|cap 2 mg|prn|Imodium
diphenoxylate||||
atropine||||
diphenoxylate + atropine|tab 2.5/0.025 mg|qid prn|Lomotil
# bowel-antispasmodic
dicyclomine|cap 10 mg;tab 20 mg|qid|Bentyl
hyoscyamine|tab 0.125 mg|q4h prn|Levsin
# aminosalicylate
mesalamine|cap 375 400 mg;tab 800 1200 mg|qd tid|Lialda, Asacol, Pentasa, Apriso
sulfasalazine|tab 500 mg|bid|Azulfidine
# digestive-other
simethicone|chew 80 125 mg|prn|Gas-X, Mylicon
ursodiol|cap 300 mg;tab 250 500 mg|bid|Actigall, Urso
pancrelipase|cap 12000 24000 36000 unit|wf|Creon, Zenpep
misoprostol|tab 100 200 mcg|qid|Cytotec
lactase|tab|wf|Lactaid
# bladder-antimuscarinic
oxybutynin|tab 5 mg;er 5 10 15 mg|bid qd|Ditropan, Oxytrol
tolterodine|cap 2 4 mg|qd|Detrol
solifenacin|tab 5 10 mg|qd|Vesicare
trospium|tab 20 mg|bid|Sanctura
# bladder-beta3
mirabegron|er 25 50 mg|qd|Myrbetriq
vibegron|tab 75 mg|qd|Gemtesa
# reductase-inhibitor
finasteride|tab 1 5 mg|qd|Proscar, Propecia
dutasteride|cap 0.5 mg|qd|Avodart
# pde5-inhibitor
sildenafil|tab 20 25 50 100 mg|prn tid|Viagra, Revatio
tadalafil|tab 2.5 5 10 20 mg|qd prn|Cialis, Adcirca
vardenafil|tab 5 10 20 mg|prn|Levitra
# bladder-other
bethanechol|tab 10 25 50 mg|tid|Urecholine
# carbonic-anhydrase-inhibitor
acetazolamide|tab 125 250 mg;cap 500 mg|bid|Diamox
# cancer-hormone
tamoxifen|tab 10 20 mg|qd|Nolvadex
letrozole|tab 2.5 mg|qd|Femara
anastrozole|tab 1 mg|qd|Arimidex
exemestane|tab 25 mg|qd|Aromasin
leuprolide|inj 7.5 22.5 45 mg|q3m|Lupron, Eligard
# vitamin
vitamin d|cap 25 50 125 1250 mcg|qd qw|cholecalciferol, ergocalciferol, vitamin D2, vitamin D3
vitamin b12|tab 500 1000 mcg;inj 1000 mcg/mL|qd qm|cyanocobalamin
folic acid|tab 0.4 0.8 1 mg|qd|folate, folacin
vitamin c|tab 500 1000 mg|qd|ascorbic acid
pyridoxine|tab 25 50 100 mg|qd|vitamin B6
thiamine|tab 100 mg|qd|vitamin B1
vitamin e|cap 180 mg|qd|tocopherol
vitamin a|cap 3000 mcg|qd|
vitamin k|tab 5 mg|once|phytonadione
multivitamin|tab|qd|Centrum
prenatal vitamin|tab|qd|
biotin|tab 1 5 mg|qd|
# mineral
iron|tab 325 mg;liq 75 mg/mL|qd qod|ferrous sulfate, ferrous gluconate, Feosol
potassium chloride|er 10 20 mEq|qd bid|K-Dur, Klor-Con, potassium
magnesium oxide|tab 400 mg|qd|Mag-Ox, magnesium
zinc|tab 50 mg|qd|
# supplement
melatonin|tab 1 3 5 10 mg|qhs|
coenzyme q10|cap 100 mg|qd|CoQ10, Co Q10
glucosamine|tab 500 mg|tid|
turmeric|cap 500 mg|qd|curcumin
probiotic|cap|qd|Lactobacillus, Culturelle
# contrast
iohexol|inj 300 350 mg/mL|once|Omnipaque
iodixanol|inj 320 mg/mL|once|Visipaque
@ skin
# steroid-local
hydrocortisone|cream 0.5 1 2.5 %;oint 1 2.5 %|bid|Cortaid, Cortizone
triamcinolone|cream 0.025 0.1 0.5 %;oint 0.1 %|bid|Kenalog, Triderm
clobetasol|cream 0.05 %;oint 0.05 %|bid|Temovate
betamethasone|cream 0.05 %;oint 0.05 %|bid|Diprolene
mometasone|cream 0.1 %|qd|Elocon
fluocinonide|cream 0.05 %|bid|Lidex
desonide|cream 0.05 %|bid|DesOwen
# azole-antifungal
clotrimazole|cream 1 %|bid|Lotrimin
ketoconazole|cream 2 %;shampoo 2 %|qd biw|Nizoral
clotrimazole + betamethasone|cream 1/0.05 %|bid|Lotrisone
# antifungal-other
nystatin|cream 100000 unit/g;powder 100000 unit/g|bid|Nyamyc, Nystop
terbinafine|cream 1 %|bid|Lamisil AT
ciclopirox|soln 8 %;cream 0.77 %|qd bid|Penlac, Loprox
# antibiotic-other
mupirocin|oint 2 %|tid|Bactroban
bacitracin|oint 500 unit/g|tid|
polymyxin b||||
# aminoglycoside
neomycin||||
bacitracin + neomycin + polymyxin b|oint|tid|Neosporin, triple antibiotic
# lincosamide
clindamycin|gel 1 %;lotion 1 %|bid|Cleocin T
clindamycin + benzoyl peroxide|gel 1/5 %|qd|BenzaClin, Duac
# nitroimidazole
metronidazole|gel 0.75 1 %;cream 0.75 %|bid|MetroGel, MetroCream
# sulfonamide-antibiotic
silver sulfadiazine|cream 1 %|bid|Silvadene
# skin-drug
benzoyl peroxide|gel 2.5 5 10 %|qd|PanOxyl
tretinoin|cream 0.025 0.05 0.1 %|qhs|Retin-A, Renova
adapalene|gel 0.1 0.3 %|qhs|Differin
permethrin|cream 5 %;lotion 1 %|once|Elimite, Nix
imiquimod|cream 5 %|tiw|Aldara
calcipotriene|cream 0.005 %|bid|Dovonex
salicylic acid|gel 2 6 17 %|qd|Compound W
selenium sulfide|shampoo 1 2.5 %|biw|Selsun
tacrolimus|oint 0.03 0.1 %|bid|Protopic
minoxidil|soln 2 5 %;foam 5 %|bid|Rogaine
# nsaid
diclofenac|gel 1 %|qid|Voltaren
@ eye
# eye-drug
latanoprost|drops 0.005 %|qhs|Xalatan
timolol|drops 0.25 0.5 %|bid|Timoptic|beta-blocker
brimonidine|drops 0.1 0.2 %|bid|Alphagan
dorzolamide|drops 2 %|tid|Trusopt|carbonic-anhydrase-inhibitor
dorzolamide + timolol|drops 2/0.5 %|bid|Cosopt
olopatadine|drops 0.1 0.2 0.7 %|qd bid|Pataday, Patanol
ketotifen|drops 0.025 %|bid|Zaditor, Alaway
cyclosporine|drops 0.05 %|bid|Restasis
trimethoprim + polymyxin b|drops|qid|Polytrim
artificial tears|drops|prn|Refresh, Systane
# antihistamine
# macrolide
erythromycin|oint 0.5 %|qid|Ilotycin
# fluoroquinolone
ofloxacin|drops 0.3 %|qid|Ocuflox
moxifloxacin|drops 0.5 %|tid|Vigamox
# aminoglycoside
tobramycin|drops 0.3 %|qid|Tobrex
gentamicin|drops 0.3 %|qid|Gentak
@ ear
# fluoroquinolone
ofloxacin|drops 0.3 %|bid|Floxin Otic
ciprofloxacin + dexamethasone|drops 0.3/0.1 %|bid|Ciprodex
# skin-drug
carbamide peroxide|drops 6.5 %|bid|Debrox
@ nose
# nasal-steroid
fluticasone|spray 50 mcg|qd|Flonase, Veramyst
mometasone|spray 50 mcg|qd|Nasonex
triamcinolone|spray 55 mcg|qd|Nasacort
budesonide|spray 32 mcg|qd|Rhinocort
# antihistamine
azelastine|spray 137 mcg|bid|Astelin, Astepro
azelastine + fluticasone|spray 137/50 mcg|bid|Dymista
# sama
ipratropium|spray 21 42 mcg|tid|Atrovent Nasal
# decongestant
oxymetazoline|spray 0.05 %|bid|Afrin
# cough-cold
sodium chloride|spray 0.65 %|prn|saline, Ocean
@ vagina
# estrogen
estradiol|cream 0.01 %;tab 10 mcg;ring 2 mg|biw|Vagifem, Estring, Imvexxy
# azole-antifungal
miconazole|cream 2 %;supp 100 200 1200 mg|qhs|Monistat
terconazole|cream 0.4 0.8 %|qhs|Terazol
# nitroimidazole
metronidazole|gel 0.75 %|qhs|MetroGel Vaginal, Nuvessa
# lincosamide
clindamycin|cream 2 %|qhs|Cleocin Vaginal, Clindesse
`;

interface Row {
  readonly cells: readonly string[];
  readonly heading: string;
  readonly route: DrugRoute;
}

function rows(): Row[] {
  const all: Row[] = [];
  let heading = "";
  let route: DrugRoute = "body";
  for (const cells of cellsOf(lines)) {
    const first = cells[0] ?? "";
    if (first.startsWith("# ")) heading = first.slice(2);
    else if (first.startsWith("@ ")) route = drugRoutes.find((one) => one === first.slice(2)) ?? "body";
    else all.push({ cells, heading, route });
  }
  return all;
}

/** A remark in brackets belongs to the name people see, not to the ingredient. */
const ingredientsOf = (name: string) => name.split(" + ").map((one) => one.replace(/ \(.*\)$/, ""));

const routeWords: Readonly<Record<DrugRoute, string>> = {
  body: "",
  skin: " (skin)",
  eye: " (eye)",
  ear: " (ear)",
  nose: " (nose)",
  vagina: " (vaginal)",
};

function readForms(cell: string | undefined): DrugForm[] {
  if (!cell) return [];
  return cell.split(";").map((text) => {
    const [form = "", ...strengths] = text.trim().split(" ");
    const unit = strengths.pop();
    return {
      form: formWords[form] ?? form,
      strengths: strengths.map((strength) => `${strength} ${unit?.replace(/(?<=\/)(\d+)(?=[a-z])/i, "$1 ")}`),
    };
  });
}

/**
 * Drugs of primary care, for picking and for the checks at entry (C13).
 *
 * Source: written for this project from general knowledge of United States practice, not taken from any drug database;
 * no regulator or publisher has checked it. Limits: it holds common products only, strengths are suggestions to pick
 * from and not all that exist, frequencies are the usual ones and not advice, and there are no doses by age, weight or
 * kidney function, no interactions and no contraindications. What is not in the table is not checked, and must be said
 * so.
 */
export const drugs: () => readonly Drug[] = once(() => {
  const all = rows();
  const classesOf = (ingredient: string, route: DrugRoute): string[] => {
    const single = all.filter(({ cells }) => ingredientsOf(cells[0]!).join() === ingredient);
    const row = single.find((one) => one.route === route) ?? single[0];
    return row ? [row.heading, ...listOf(row.cells[4])] : [];
  };
  return all.map(({ cells, heading, route }) => {
    const [name = "", forms, frequencies = "", brands, further] = cells;
    const ingredients = ingredientsOf(name);
    const parts = ingredients.length > 1 ? ingredients.flatMap((one) => classesOf(one, route)) : [];
    const own = ingredients.length > 1 && heading !== "contraceptive" ? parts : [heading, ...parts];
    return {
      name: name + routeWords[route],
      ingredients,
      exact: !name.endsWith("(kind not stated)"),
      classes: [...new Set([...own, ...listOf(further)])],
      route,
      forms: readForms(forms),
      frequencies: frequencies
        .split(" ")
        .filter((one) => one !== "")
        .map((one) => frequencyWords[one] ?? one),
      brands: listOf(brands),
    };
  });
});

/** The classes of a drug and every wider class. */
export const classesOfDrug = (drug: Drug): ReadonlySet<string> => withWider(drug.classes);
