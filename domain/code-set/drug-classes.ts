import { cellsOf, listOf, once } from "./line-format.ts";

/** A group of drugs that matters for a check at entry. */
export interface DrugClass {
  readonly id: string;
  readonly name: string;
  /** Two drugs of the class at once are seldom meant. */
  readonly duplicates: boolean;
  /** Somebody allergic to one member may react to another. */
  readonly crossReacts: boolean;
  /** Wider classes it belongs to. */
  readonly within: readonly string[];
}

// `id|name|marks: dup, cross|wider classes`
const lines = `
# Infection
penicillin|penicillins|dup, cross
cephalosporin|cephalosporins|dup, cross
carbapenem|carbapenems|dup, cross
beta-lactamase-inhibitor|beta-lactamase inhibitors
macrolide|macrolides|dup, cross
fluoroquinolone|fluoroquinolones|dup, cross
tetracycline|tetracyclines|dup, cross
sulfonamide-antibiotic|sulfonamide antibiotics|cross
aminoglycoside|aminoglycosides|cross
lincosamide|lincosamides|cross
glycopeptide|glycopeptides|cross
nitroimidazole|nitroimidazoles|cross
antibiotic-other|other antibiotics
azole-antifungal|azole antifungals|cross
antifungal-other|other antifungals
herpes-antiviral|herpes antivirals|dup, cross
antiviral|other antivirals
antiparasitic|antiparasitics
tuberculosis-drug|tuberculosis drugs
# Heart and vessels
ras-blocker|blockers of the renin-angiotensin system|dup
ace-inhibitor|ACE inhibitors|dup, cross|ras-blocker
arb|angiotensin receptor blockers|dup|ras-blocker
neprilysin-inhibitor|neprilysin inhibitors
beta-blocker|beta-blockers|dup
dihydropyridine|dihydropyridine calcium blockers|dup
calcium-blocker-rate|rate-slowing calcium blockers|dup
thiazide|thiazide diuretics|dup, cross
loop-diuretic|loop diuretics|dup
potassium-sparing|potassium-sparing diuretics|dup
alpha-blocker|alpha-blockers|dup
central-antihypertensive|centrally acting blood pressure drugs
vasodilator|vasodilators
nitrate|nitrates
antiarrhythmic|rhythm drugs
cardiac-glycoside|cardiac glycosides
statin|statins|dup, cross
fibrate|fibrates|dup
lipid-other|other lipid drugs
pcsk9-inhibitor|PCSK9 inhibitors|dup
anticoagulant|anticoagulants|dup
heparin|heparins|cross|anticoagulant
p2y12-inhibitor|P2Y12 inhibitors|dup
antiplatelet|other antiplatelet drugs
# Sugar and glands
biguanide|biguanides|dup
sulfonylurea|sulfonylureas|dup, cross
incretin|incretin drugs (GLP-1 and DPP-4)|dup
dpp4-inhibitor|DPP-4 inhibitors|dup|incretin
glp1-agonist|GLP-1 receptor agonists|dup|incretin
sglt2-inhibitor|SGLT2 inhibitors|dup
glitazone|glitazones|dup
insulin|insulins
insulin-basal|long-acting insulins|dup|insulin
insulin-rapid|rapid and regular insulins|dup|insulin
insulin-premixed|premixed insulins|dup|insulin
thyroid-hormone|thyroid hormones|dup
antithyroid|antithyroid drugs|dup, cross
corticosteroid|corticosteroids|dup
steroid-local|corticosteroids used locally
estrogen|estrogens|dup
progestin|progestins
contraceptive|hormonal contraceptives|dup
androgen|androgens|dup
bone-drug|bone drugs
bisphosphonate|bisphosphonates|dup|bone-drug
hormone-other|other hormone drugs
# Pain, joints, muscles
nsaid|NSAIDs|dup, cross
salicylate|salicylates|cross|nsaid
analgesic|other pain drugs
opioid|opioids|dup
opioid-phenanthrene|morphine-like opioids|cross|opioid
opioid-antagonist|opioid antagonists
muscle-relaxant|muscle relaxants|dup
triptan|triptans|dup
cgrp-blocker|CGRP blockers|dup
gout-drug|gout drugs
xanthine-oxidase-inhibitor|xanthine oxidase inhibitors|dup|gout-drug
immunosuppressant|immunosuppressants
biologic|biologic drugs
tnf-blocker|TNF blockers|dup|biologic
local-anesthetic-amide|amide local anesthetics|cross
local-anesthetic-ester|ester local anesthetics|cross
# Mind and nerves
ssri|SSRIs|dup
snri|SNRIs|dup
tricyclic|tricyclic antidepressants|dup, cross
antidepressant-other|other antidepressants
benzodiazepine|benzodiazepines|dup, cross
hypnotic|sleep drugs|dup
anxiolytic-other|other anxiety drugs
antipsychotic|antipsychotics|dup
mood-stabilizer|mood stabilizers
anticonvulsant|seizure drugs
aromatic-anticonvulsant|aromatic seizure drugs|cross|anticonvulsant
gabapentinoid|gabapentinoids|dup, cross
stimulant|stimulants
adhd-other|other ADHD drugs
dementia-drug|cholinesterase inhibitors|dup
memantine-like|NMDA blockers
parkinson-drug|Parkinson drugs
dopamine-agonist|dopamine agonists|dup|parkinson-drug
addiction-drug|drugs for dependence
# Lungs and allergy
saba|short-acting beta-agonists|dup
laba|long-acting beta-agonists|dup
lama|long-acting muscarinic blockers|dup
sama|short-acting muscarinic blockers
inhaled-steroid|inhaled corticosteroids|dup
nasal-steroid|nasal corticosteroids|dup|steroid-local
leukotriene-blocker|leukotriene blockers|dup
antihistamine|antihistamines|dup
cough-cold|cough and cold drugs
decongestant|decongestants|dup
emergency-allergy|epinephrine
# Stomach, bowel
ppi|proton pump inhibitors|dup, cross
h2-blocker|H2 blockers|dup
antacid|antacids
antiemetic|drugs for nausea
laxative|laxatives
antidiarrheal|drugs for diarrhea
bowel-antispasmodic|bowel antispasmodics
aminosalicylate|aminosalicylates|cross
digestive-other|other digestive drugs
# Kidney, bladder, men's health
bladder-antimuscarinic|bladder antimuscarinics|dup
bladder-beta3|beta-3 agonists|dup
reductase-inhibitor|5-alpha-reductase inhibitors|dup
pde5-inhibitor|PDE5 inhibitors|dup
bladder-other|other bladder drugs
# Other
cancer-hormone|hormone drugs for cancer
vitamin|vitamins
mineral|minerals
supplement|supplements
skin-drug|skin drugs
eye-drug|eye drugs
carbonic-anhydrase-inhibitor|carbonic anhydrase inhibitors|cross
contrast|iodinated contrast|cross
smoking-drug|drugs to quit smoking
weight-drug|weight drugs
`;

/** The classes of the drug table. Which duplications and cross-reactions matter is the project's own judgement. */
export const drugClasses: () => ReadonlyMap<string, DrugClass> = once(
  () =>
    new Map(
      cellsOf(lines)
        .filter((cells) => cells.length > 1)
        .map(([id = "", name = "", marks, within]) => [
          id,
          {
            id,
            name,
            duplicates: listOf(marks).includes("dup"),
            crossReacts: listOf(marks).includes("cross"),
            within: listOf(within),
          },
        ]),
    ),
);

/** The classes and every wider class they belong to. */
export function withWider(ids: Iterable<string>): Set<string> {
  const all = new Set(ids);
  for (const id of all) for (const wider of drugClasses().get(id)?.within ?? []) all.add(wider);
  return all;
}
