/** Drug names as people say them, ingredients and brands of primary care. Names are matched whole, never guessed. */
const names = new Set(
  `acetaminophen tylenol paracetamol ibuprofen advil motrin naproxen aleve aspirin meloxicam celecoxib celebrex diclofenac
  voltaren tramadol oxycodone hydrocodone percocet vicodin morphine codeine gabapentin pregabalin lyrica cyclobenzaprine
  flexeril baclofen tizanidine methocarbamol sumatriptan imitrex rizatriptan topiramate topamax lisinopril enalapril
  ramipril benazepril losartan valsartan olmesartan irbesartan candesartan telmisartan amlodipine norvasc nifedipine
  diltiazem verapamil metoprolol atenolol carvedilol propranolol bisoprolol nebivolol hydrochlorothiazide chlorthalidone
  furosemide lasix torsemide bumetanide spironolactone triamterene hydralazine clonidine isosorbide nitroglycerin digoxin
  amiodarone warfarin coumadin apixaban eliquis rivaroxaban xarelto dabigatran pradaxa clopidogrel plavix ticagrelor
  atorvastatin lipitor simvastatin zocor rosuvastatin crestor pravastatin lovastatin ezetimibe zetia fenofibrate
  metformin glucophage glipizide glyburide glimepiride sitagliptin januvia linagliptin empagliflozin jardiance
  dapagliflozin farxiga canagliflozin semaglutide ozempic wegovy liraglutide victoza dulaglutide trulicity tirzepatide
  mounjaro pioglitazone insulin lantus glargine humalog novolog lispro aspart levothyroxine synthroid methimazole
  prednisone prednisolone methylprednisolone medrol dexamethasone hydrocortisone triamcinolone fluticasone flonase advair
  budesonide symbicort albuterol ventolin salbutamol montelukast singulair tiotropium spiriva ipratropium cetirizine
  zyrtec loratadine claritin fexofenadine allegra diphenhydramine benadryl hydroxyzine pseudoephedrine sudafed
  guaifenesin mucinex dextromethorphan benzonatate omeprazole prilosec esomeprazole nexium pantoprazole protonix
  lansoprazole famotidine pepcid ranitidine zantac ondansetron zofran metoclopramide loperamide imodium docusate colace
  senna miralax bisacodyl polyethylene amoxicillin augmentin penicillin ampicillin cephalexin keflex cefdinir ceftriaxone
  azithromycin zithromax clarithromycin doxycycline minocycline ciprofloxacin cipro levofloxacin levaquin
  trimethoprim sulfamethoxazole bactrim nitrofurantoin macrobid metronidazole flagyl clindamycin vancomycin fluconazole
  diflucan terbinafine nystatin valacyclovir valtrex acyclovir oseltamivir tamiflu sertraline zoloft fluoxetine prozac
  escitalopram lexapro citalopram celexa paroxetine paxil venlafaxine effexor duloxetine cymbalta bupropion wellbutrin
  trazodone mirtazapine remeron amitriptyline nortriptyline buspirone lorazepam ativan alprazolam xanax clonazepam
  klonopin diazepam valium zolpidem ambien melatonin quetiapine seroquel risperidone olanzapine zyprexa aripiprazole
  abilify lithium lamotrigine lamictal levetiracetam keppra valproate depakote carbamazepine phenytoin dilantin
  methylphenidate ritalin adderall amphetamine lisdexamfetamine vyvanse atomoxetine donepezil aricept memantine levodopa
  carbidopa sildenafil viagra tadalafil cialis tamsulosin flomax finasteride oxybutynin mirabegron allopurinol colchicine
  febuxostat methotrexate hydroxychloroquine plaquenil adalimumab humira etanercept enbrel alendronate fosamax estradiol
  progesterone medroxyprogesterone norethindrone testosterone tamoxifen letrozole anastrozole potassium iron calcium
  magnesium folate biotin lidocaine`.split(/\s+/),
);
/** Vitamins are said in two words. */
const twoWords = /\bvitamin [a-k]\d{0,2}\b|\bfish oil\b|\bfolic acid\b|\bbirth control\b/gi;

export interface NamedDrug {
  readonly name: string;
  /** Position of the name in the text, in characters. */
  readonly at: number;
}

/** Drugs named in a text, spelled as said. Lab values ("potassium was 4.1") are for the caller to tell. */
export function drugsIn(text: string): NamedDrug[] {
  const found: NamedDrug[] = [];
  for (const match of text.matchAll(/[\p{L}]+/gu)) {
    if (names.has(match[0].toLowerCase())) found.push({ name: match[0], at: match.index });
  }
  for (const match of text.matchAll(twoWords)) found.push({ name: match[0], at: match.index });
  return found.sort((a, b) => a.at - b.at);
}
