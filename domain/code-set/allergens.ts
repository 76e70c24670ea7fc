import { namesIn, plainName } from "./drug-names.ts";
import { cellsOf, listOf, once } from "./line-format.ts";

export const allergenKinds = ["drug-class", "food", "environment", "other"] as const;
export type AllergenKind = (typeof allergenKinds)[number];

/**
 * Something people are allergic to. Single drugs are not repeated here: every ingredient of the drug table is an
 * allergen by its own name, which is its id.
 */
export interface Allergen {
  /** Stable: the chart keeps it. */
  readonly id: string;
  readonly name: string;
  readonly kind: AllergenKind;
  /** Drug classes it stands for (see drug-classes.ts). */
  readonly classes: readonly string[];
  /** Single ingredients it stands for. */
  readonly ingredients: readonly string[];
  /** Other allergens that the same person may react to; for the person who enters it, never a finding. */
  readonly related: readonly string[];
  readonly words: readonly string[];
}

// `id|name|drug classes|ingredients|related allergens|search words`
const lines = `
# drug-class
penicillins|Penicillins|penicillin|||penicillin, pcn
cephalosporins|Cephalosporins|cephalosporin|||cephalosporin
carbapenems|Carbapenems|carbapenem|||carbapenem
sulfonamide-antibiotics|Sulfonamide antibiotics|sulfonamide-antibiotic|||sulfa, sulfa drugs, sulfonamides, sulpha
macrolides|Macrolides|macrolide|||macrolide
fluoroquinolones|Fluoroquinolones|fluoroquinolone|||quinolones
tetracyclines|Tetracyclines|tetracycline|||
aminoglycosides|Aminoglycosides|aminoglycoside|||
azole-antifungals|Azole antifungals|azole-antifungal|||azoles
nsaids|NSAIDs|nsaid|||nsaid, anti-inflammatories, non-steroidal anti-inflammatory drugs
salicylates|Salicylates|salicylate|||
opioids|Opioids|opioid|||opiates, narcotics
ace-inhibitors|ACE inhibitors|ace-inhibitor|||ace inhibitor, acei
arbs|Angiotensin receptor blockers|arb|||arb, sartans
beta-blockers|Beta-blockers|beta-blocker|||beta blocker
calcium-blockers|Calcium channel blockers|dihydropyridine, calcium-blocker-rate|||ccb
thiazides|Thiazide diuretics|thiazide|||thiazide
statins|Statins|statin|||statin, hmg coa reductase inhibitors
aromatic-anticonvulsants|Aromatic seizure drugs|aromatic-anticonvulsant|||aromatic anticonvulsants
benzodiazepines|Benzodiazepines|benzodiazepine|||benzos
ssris|SSRIs|ssri|||ssri
antihistamines|Antihistamines|antihistamine|||
corticosteroids|Corticosteroids|corticosteroid, inhaled-steroid, steroid-local|||steroids, cortisone
local-anesthetics-amide|Local anesthetics, amide|local-anesthetic-amide|||caine, numbing medicine
local-anesthetics-ester|Local anesthetics, ester|local-anesthetic-ester|||caine, numbing medicine
ppis|Proton pump inhibitors|ppi|||ppi
sulfonylureas|Sulfonylureas|sulfonylurea|||
heparins|Heparins|heparin||red-meat|
insulins|Insulins|insulin|||
contrast|Iodinated contrast|contrast|||contrast dye, iodine contrast, ct dye, iv dye
# food
peanut|Peanut|||tree-nuts|peanuts
tree-nuts|Tree nuts|||peanut|nuts, almond, cashew, walnut, pecan, pistachio, hazelnut
milk|Cow's milk||||dairy, milk protein, casein, whey
egg|Egg||||eggs, egg white
wheat|Wheat||||flour
gluten|Gluten|||wheat|
soy|Soy||||soya, soybean
fish|Fish||omega-3 fatty acids, icosapent ethyl||salmon, tuna, cod
shellfish|Shellfish|||mollusks, dust-mites|shrimp, crab, lobster, crustaceans, prawn
mollusks|Mollusks|||shellfish|clam, oyster, mussel, scallop, squid
sesame|Sesame||||tahini
mustard|Mustard||||
celery|Celery|||birch-pollen|
corn|Corn||||maize
red-meat|Red meat (alpha-gal)||pancrelipase, heparin, enoxaparin|gelatin|alpha gal, beef, pork, lamb
gelatin|Gelatin||||
strawberry|Strawberry||||strawberries
tomato|Tomato||||tomatoes
citrus|Citrus fruit||||orange, lemon
kiwi|Kiwi|||latex|
banana|Banana|||latex|bananas
avocado|Avocado|||latex|
pineapple|Pineapple||||
mango|Mango|||poison-ivy|
apple|Apple|||birch-pollen|apples
chocolate|Chocolate||||cocoa
coconut|Coconut||||
garlic|Garlic||||
food-dye|Food dye||||red dye, yellow dye, tartrazine
msg|Monosodium glutamate||||msg
sulfites|Sulfites||||sulphites, wine
alcohol|Alcohol||||
# environment
latex|Latex|||banana, avocado, kiwi|rubber, gloves
bee-venom|Bee venom|||wasp-venom|bee sting, honeybee
wasp-venom|Wasp venom|||bee-venom|yellow jacket, hornet
fire-ant|Fire ant||||ant bite
mosquito|Mosquito||||
dust-mites|House dust mites|||shellfish|dust
mold|Mold||||mildew
cat|Cat||||cats, cat dander
dog|Dog||||dogs, dog dander
horse|Horse||||
cockroach|Cockroach||||roaches
grass-pollen|Grass pollen||||hay fever, grass
tree-pollen|Tree pollen||||hay fever
birch-pollen|Birch pollen|||apple, celery|
ragweed|Ragweed||||weed pollen, hay fever
poison-ivy|Poison ivy, oak or sumac|||mango|urushiol
nickel|Nickel||||metal, jewelry
adhesive|Adhesive tape||||tape, bandage, band-aid, plaster
fragrance|Fragrance||||perfume
feathers|Feathers||||down
wool|Wool||||lanolin
sunlight|Sunlight||||sun
# other
vaccine-component|Vaccine component||||
chlorhexidine|Chlorhexidine||||hibiclens
povidone-iodine|Povidone-iodine||||betadine, iodine
thimerosal|Thimerosal||||
polyethylene-glycol|Polyethylene glycol||polyethylene glycol||peg, macrogol
formaldehyde|Formaldehyde||||
hair-dye|Hair dye (PPD)||||paraphenylenediamine
neomycin|Neomycin||neomycin||
`;

/** Allergens to pick from; the choice is the project's own. Anything else is entered in the person's own words. */
export const allergens: () => readonly Allergen[] = once(() => {
  const all: Allergen[] = [];
  let kind: AllergenKind = "other";
  for (const cells of cellsOf(lines)) {
    const [id = "", name = "", classes, ingredients, related, words] = cells;
    if (id.startsWith("# ")) kind = allergenKinds.find((one) => one === id.slice(2)) ?? "other";
    else
      all.push({
        id,
        name,
        kind,
        classes: listOf(classes),
        ingredients: listOf(ingredients),
        related: listOf(related),
        words: listOf(words),
      });
  }
  return all;
});

const allergensByName: () => ReadonlyMap<string, readonly Allergen[]> = once(() => {
  const byName = new Map<string, Allergen[]>();
  for (const one of allergens())
    for (const name of new Set([one.id, one.name, ...one.words].map(plainName)))
      byName.set(name, [...(byName.get(name) ?? []), one]);
  return byName;
});

/**
 * Allergens named in a text, by id, name or other name: "Sulfa (hives)" is the sulfonamide antibiotics, "numbing
 * medicine" both kinds of local anesthetics. Single drugs are found by `drugsInText`.
 */
export const allergensInText = (text: string): Allergen[] => [
  ...new Set([...namesIn(text, allergensByName())].flatMap(({ found }) => found ?? [])),
];

/** Reactions to pick from. Those marked severe speak of a reaction that can kill. */
export const reactions = [
  { id: "rash", name: "Rash", severe: false },
  { id: "hives", name: "Hives", severe: false },
  { id: "itching", name: "Itching", severe: false },
  { id: "swelling", name: "Swelling of face, lips or tongue", severe: true },
  { id: "anaphylaxis", name: "Anaphylaxis", severe: true },
  { id: "breathing", name: "Trouble breathing or wheezing", severe: true },
  { id: "low-blood-pressure", name: "Low blood pressure or fainting", severe: true },
  { id: "blistering", name: "Blistering or peeling skin (Stevens-Johnson, TEN)", severe: true },
  { id: "dress", name: "Rash with fever and organ injury (DRESS)", severe: true },
  { id: "blood-count", name: "Drop of blood cells", severe: true },
  { id: "liver", name: "Liver injury", severe: true },
  { id: "kidney", name: "Kidney injury", severe: true },
  { id: "runny-nose", name: "Runny nose or itchy eyes", severe: false },
  { id: "cough", name: "Cough", severe: false },
  { id: "nausea", name: "Nausea or vomiting", severe: false },
  { id: "diarrhea", name: "Diarrhea", severe: false },
  { id: "stomach-pain", name: "Stomach pain", severe: false },
  { id: "headache", name: "Headache", severe: false },
  { id: "dizziness", name: "Dizziness", severe: false },
  { id: "confusion", name: "Confusion or agitation", severe: false },
  { id: "palpitations", name: "Palpitations", severe: false },
  { id: "muscle-pain", name: "Muscle pain", severe: false },
  { id: "flushing", name: "Flushing", severe: false },
  { id: "mouth-itching", name: "Itching of mouth or throat", severe: false },
  { id: "unknown", name: "Not known", severe: false },
] as const;

/** How bad the worst reaction was: FHIR's words, and not known. */
export const allergySeverities = ["mild", "moderate", "severe", "unknown"] as const;
export type AllergySeverity = (typeof allergySeverities)[number];
