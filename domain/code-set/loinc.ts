import {
  type EntryUnit,
  type Limits,
  type Person,
  readRanges,
  toCanonical,
  type Verdict,
  verdictOf,
} from "./age.ts";
import { cellsOf, listOf, once } from "./line-format.ts";
import { vitalSigns } from "./vitals-limits.ts";

/** A measurement or test the chart knows by its LOINC code. */
export interface LoincCode extends Limits {
  readonly code: string;
  /** The project's own short name, not LOINC's. */
  readonly name: string;
  readonly kind: "vital" | "lab";
  /** UCUM; empty for a result in words. */
  readonly unit: string;
  readonly units: readonly EntryUnit[];
  /** What a result in words normally says, such as `negative`; null for numbers. */
  readonly expected: string | null;
  readonly words: readonly string[];
}

// `code|name|unit|usual range by age and sex|plausible|possible|other units|search words`
// A result in words has no unit, and its usual answer stands in place of the range.
const lines = `
# Chemistry
2345-7|Glucose|mg/dL|<2d 40-125;<28d 50-125;70-139|25-800|5-2500|mmol/L*18.0156|blood sugar
1558-6|Glucose, fasting|mg/dL|<28d 50-125;70-99|25-800|5-2500|mmol/L*18.0156|blood sugar, fbs
1504-0|Glucose, 1 h after 50 g|mg/dL|-139|25-600|5-2500|mmol/L*18.0156|glucola, glucose challenge
1518-0|Glucose, 2 h after 75 g|mg/dL|-139|25-800|5-2500|mmol/L*18.0156|glucose tolerance, ogtt
3094-0|Urea nitrogen|mg/dL|<1y 3-18;<18y 5-18;<65y 7-20;8-23|1-150|0-400|mmol/L*2.801|bun
2160-0|Creatinine|mg/dL|<28d 0.2-1;<3y 0.2-0.5;<10y 0.2-0.7;<18y 0.3-1;f 0.5-1.1;m 0.7-1.3|0.1-15|0-50|umol/L*0.011312|kidney
98979-8|eGFR (CKD-EPI 2021)|mL/min/{1.73_m2}|<18y -;60-|3-160|0-250||kidney, gfr
3097-3|Urea nitrogen/creatinine|mg/mg|6-25|2-80|0-300||bun creatinine ratio
2951-2|Sodium|mmol/L|<28d 133-146;135-145|115-165|80-220||na
2823-3|Potassium|mmol/L|<28d 3.7-5.9;<1y 4.1-5.3;3.5-5.1|2-8|1-15||k
2075-0|Chloride|mmol/L|98-107|70-135|50-180||cl
2028-9|Carbon dioxide, total|mmol/L|<2y 17-27;<18y 20-28;22-29|8-45|2-70||co2, bicarbonate
1963-8|Bicarbonate|mmol/L|<2y 17-27;<18y 20-28;22-29|8-45|2-70||hco3
33037-3|Anion gap|mmol/L|4-16|0-35|-70||
17861-6|Calcium|mg/dL|<28d 7.6-10.4;<2y 8.8-11;<18y 8.8-10.8;8.6-10.2|5-16|2-30|mmol/L*4.008|ca
1995-0|Calcium, ionized|mmol/L|1.12-1.32|0.7-2|0.2-5||
2777-1|Phosphate|mg/dL|<28d 4.5-9;<1y 4.5-6.7;<12y 3.7-5.6;<18y 2.7-5.4;2.5-4.5|0.8-12|0.1-30|mmol/L*3.097|phosphorus
19123-9|Magnesium|mg/dL|1.6-2.6|0.7-6|0.1-25|mmol/L*2.4305|mg
1751-7|Albumin|g/dL|<28d 2.5-4.5;3.5-5|1-6.5|0.2-10||
2885-2|Protein, total|g/dL|<28d 4.6-7;<1y 4.8-7.6;6-8.3|3-12|1-20||
10834-0|Globulin|g/dL|2-3.9|0.8-8|0.1-15||
1759-0|Albumin/globulin|{ratio}|1-2.5|0.2-5|0.01-20||a/g ratio
1975-2|Bilirubin, total|mg/dL|<2d -8;<7d -15;<28d -12;0.1-1.2|0-30|0-80|umol/L*0.05847|jaundice
1968-7|Bilirubin, direct|mg/dL|-0.3|0-20|0-60|umol/L*0.05847|conjugated
1920-8|AST|U/L|<1y 15-80;<10y 15-50;10-40|3-3000|0-30000||liver, sgot
1742-6|ALT|U/L|<1y 5-55;<18y 5-40;f 5-35;m 5-45|3-3000|0-30000||liver, sgpt
6768-6|Alkaline phosphatase|U/L|<1y 80-450;<10y 120-420;<16y 70-500;<18y 45-250;35-120|10-2000|1-10000||alp, liver, bone
2324-2|GGT|U/L|<6m 5-200;f 5-40;m 5-60|2-2000|0-10000||gamma
2532-0|Lactate dehydrogenase|U/L|<1y 160-450;<18y 120-320;110-250|50-3000|10-50000||ldh
3084-1|Uric acid|mg/dL|<18y 2-6.5;f 2.4-6;m 3.4-7|1-15|0-50|umol/L*0.01681|gout, urate
3040-3|Lipase|U/L|10-80|1-3000|0-30000||pancreas
1798-8|Amylase|U/L|<1y -60;25-125|3-3000|0-30000||pancreas
2157-6|Creatine kinase|U/L|<28d -600;<18y 30-250;f 25-200;m 35-300|10-20000|1-500000||ck, cpk, muscle
2524-7|Lactate|mmol/L|0.5-2.2|0.2-15|0-40||lactic acid
2692-2|Osmolality|mosm/kg|275-295|230-360|150-600||
# Diabetes
4548-4|Hemoglobin A1c|%|4-5.6|3.5-16|2-25||a1c, hba1c, glycated
17856-6|Hemoglobin A1c (HPLC)|%|4-5.6|3.5-16|2-25||a1c, hba1c
27353-2|Estimated average glucose|mg/dL|-117|50-450|20-800|mmol/L*18.0156|eag
14957-5|Albumin, urine|mg/L|-19|0-5000|0-50000||microalbumin
9318-7|Albumin/creatinine, urine|mg/g|-29|0-5000|0-50000||acr, microalbumin
2161-8|Creatinine, urine|mg/dL|20-320|5-500|1-2000||
2888-6|Protein, urine|mg/dL|-15|0-1500|0-10000||
2890-2|Protein/creatinine, urine|mg/g|-200|0-15000|0-100000||upcr
1986-9|C-peptide|ng/mL|0.8-3.9|0.05-20|0-100||
# Lipids
2093-3|Cholesterol, total|mg/dL|<18y -169;-199|60-500|20-1500|mmol/L*38.67|lipids
2085-9|HDL cholesterol|mg/dL|<18y 46-;f 50-;m 40-|10-150|1-300|mmol/L*38.67|good cholesterol
13457-7|LDL cholesterol, calculated|mg/dL|<18y -109;-99|10-400|0-1000|mmol/L*38.67|bad cholesterol
18262-6|LDL cholesterol, direct|mg/dL|<18y -109;-99|10-400|0-1000|mmol/L*38.67|bad cholesterol
2089-1|LDL cholesterol|mg/dL|<18y -109;-99|10-400|0-1000|mmol/L*38.67|bad cholesterol
43396-1|Non-HDL cholesterol|mg/dL|<18y -119;-129|20-450|5-1400|mmol/L*38.67|
2571-8|Triglycerides|mg/dL|<10y -74;<18y -89;-149|20-2000|5-20000|mmol/L*88.57|
13458-5|VLDL cholesterol, calculated|mg/dL|-30|2-150|0-1000||
9830-1|Cholesterol/HDL|{ratio}|-5|1-15|0.5-50||
10835-7|Lipoprotein (a)|mg/dL|-29|0-300|0-1000||lpa
1884-6|Apolipoprotein B|mg/dL|-89|20-250|5-600||apob
# Blood count
6690-2|White blood cells|10*3/uL|<2d 9-34;<28d 5-21;<2y 6-17.5;<6y 5-15.5;<12y 4.5-13.5;<18y 4.5-13;4-11|1-60|0-1000||wbc, leukocytes, cbc
789-8|Red blood cells|10*6/uL|<28d 3.6-6.6;<6m 2.7-5.4;<12y 3.9-5.3;<18y f 4.1-5.1;<18y m 4.3-5.7;f 3.8-5.2;m 4.2-5.9|1.5-8|0.5-12||rbc, cbc
718-7|Hemoglobin|g/dL|<28d 12.5-22;<6m 9.5-14;<2y 10.5-13.5;<6y 11.5-13.5;<12y 11.5-15.5;<18y f 12-16;<18y m 13-16;f 12-15.5;m 13.5-17.5|4-24|1-30|g/L*0.1|hgb, hb, cbc, anemia
4544-3|Hematocrit|%|<28d 39-66;<6m 28-42;<2y 33-39;<6y 34-40;<12y 35-45;<18y f 36-46;<18y m 37-49;f 36-46;m 40-52|12-70|5-85||hct, cbc
787-2|MCV|fL|<28d 88-123;<6m 74-108;<2y 70-86;<6y 75-87;<12y 77-95;<18y 78-98;80-100|50-130|30-180||cbc
785-6|MCH|pg|<28d 28-40;<6m 25-35;<2y 23-31;<12y 24-33;26-34|14-45|8-70||cbc
786-4|MCHC|g/dL|<28d 28-38;31-37|25-42|15-50||cbc
788-0|RDW|%|<28d 13-18;11-15|9-35|5-60||cbc
777-3|Platelets|10*3/uL|150-450|10-1200|0-5000||plt, cbc
32623-1|Platelet volume|fL|7-12.5|5-18|2-40||mpv
770-8|Neutrophils, share|%|<2y 15-50;<6y 25-60;40-75|1-98|0-100||cbc
736-9|Lymphocytes, share|%|<2y 40-75;<6y 30-65;18-48|0-95|0-100||cbc
5905-5|Monocytes, share|%|2-11|0-35|0-100||cbc
713-8|Eosinophils, share|%|-6|0-60|0-100||cbc
706-2|Basophils, share|%|-2|0-15|0-100||cbc
751-8|Neutrophils|10*3/uL|<2d 5-26;<28d 1.5-10;<12y 1.5-8.5;1.8-7.7|0.2-50|0-500||anc, cbc
731-0|Lymphocytes|10*3/uL|<2y 3-13.5;<6y 2-9.5;<12y 1.5-7;1-4.8|0.1-40|0-900||cbc
742-7|Monocytes|10*3/uL|-1.1|0-5|0-200||cbc
711-2|Eosinophils|10*3/uL|-0.5|0-15|0-200||cbc
704-7|Basophils|10*3/uL|-0.2|0-2|0-100||cbc
17849-1|Reticulocytes, share|%|<7d 2.5-7;0.5-2.5|0-25|0-80||
# Iron and vitamins
2498-4|Iron|ug/dL|<18y 35-150;f 35-165;m 50-175|5-600|0-3000||
2500-7|Iron-binding capacity|ug/dL|240-450|80-700|30-1500||tibc
2502-3|Transferrin saturation|%|<18y 10-50;15-50|1-100|0-110||iron saturation
2276-4|Ferritin|ng/mL|<6m 25-200;<18y 7-140;f 12-150;m 24-336|1-5000|0-200000||iron stores
2132-9|Vitamin B12|pg/mL|200-900|50-4000|10-50000||cobalamin
2284-8|Folate|ng/mL|4-|0.5-60|0-500||folic acid
62292-8|Vitamin D, 25-hydroxy|ng/mL|20-100|3-200|0-1000|nmol/L*0.4006|
# Clotting
5902-2|Prothrombin time|s|10-14|8-120|5-400||pt
6301-6|INR|{INR}|0.8-1.2|0.7-12|0.3-40||warfarin, coumadin
14979-9|aPTT|s|24-38|15-180|5-500||ptt
48065-7|D-dimer|ng/mL|-499|0-20000|0-500000||clot
# Thyroid and hormones
3016-3|TSH|m[IU]/L|<7d 0.7-39;<28d 0.7-15;<1y 0.7-8.4;<18y 0.6-5;0.4-4.5|0.005-150|0-2000||thyroid
3024-7|Thyroxine, free|ng/dL|<28d 0.8-3.2;0.8-1.8|0.1-8|0-30|pmol/L*0.0777|ft4, t4
3026-2|Thyroxine, total|ug/dL|<28d 6-17;4.5-12|0.5-30|0-100||t4
3051-0|Triiodothyronine, free|pg/mL|2-4.6|0.5-30|0-100||ft3, t3
3053-6|Triiodothyronine, total|ng/dL|<18y 90-240;80-200|20-800|1-5000||t3
8099-4|Thyroid peroxidase antibody|[IU]/mL|-34|0-3000|0-50000||tpo, hashimoto
2731-8|Parathyroid hormone|pg/mL|10-65|1-2000|0-10000||pth
2143-6|Cortisol|ug/dL|3-23|0.3-80|0-500||
2842-3|Prolactin|ng/mL|<28d -;f 3-29;m 2-18|0.3-500|0-50000||
2986-8|Testosterone, total|ng/dL|<18y -;f 8-60;m 264-916|1-2500|0-20000||
2243-4|Estradiol|pg/mL||2-5000|0-50000||
15067-2|FSH|m[IU]/mL||0.1-200|0-1000||
10501-5|LH|m[IU]/mL||0.1-200|0-1000||
21198-7|hCG, beta|m[IU]/mL||0-300000|0-5000000||pregnancy, bhcg
2106-3|Pregnancy test, urine||negative||||hcg
2118-8|Pregnancy test, serum||negative||||hcg
2857-1|PSA|ng/mL|<50y -2.5;<60y -3.5;<70y -4.5;-6.5|0-200|0-20000||prostate
# Inflammation and antibodies
1988-5|C-reactive protein|mg/L|-9.9|0-400|0-1000||crp
30522-7|C-reactive protein, sensitive|mg/L|-3|0-300|0-1000||hscrp, crp
4537-7|Sedimentation rate|mm/h|<18y -13;<50y f -20;<50y m -15;f -30;m -20|0-140|0-200||esr, westergren
11572-5|Rheumatoid factor|[IU]/mL|-14|0-1000|0-20000||rf
33935-8|CCP antibody|[arb'U]/mL|-19|0-500|0-20000||anti-ccp
8061-4|Antinuclear antibody||negative||||ana, lupus
# Heart
10839-9|Troponin I|ng/mL|-0.04|0-100|0-5000||
30934-4|BNP|pg/mL|-99|0-5000|0-100000||heart failure
33762-6|NT-proBNP|pg/mL|<75y -124;-449|0-35000|0-500000||heart failure
# Urine
5811-5|Urine specific gravity|{ratio}|1.003-1.035|1-1.05|0.99-1.1||ua, sg
5803-2|Urine pH|[pH]|4.5-8|4.5-9|4-10||ua
20454-5|Urine protein (strip)||negative||||ua
25428-4|Urine glucose (strip)||negative||||ua
2514-8|Urine ketones (strip)||negative||||ua
5794-3|Urine blood (strip)||negative||||ua, hemoglobin
5799-2|Urine leukocyte esterase (strip)||negative||||ua, white cells
5802-4|Urine nitrite (strip)||negative||||ua
5770-3|Urine bilirubin (strip)||negative||||ua
20405-7|Urine urobilinogen (strip)|mg/dL|0.2-1|0-16|0-100||ua
5821-4|Urine white cells|/[HPF]|-5|0-200|0-1000||ua, wbc
13945-1|Urine red cells|/[HPF]|-3|0-200|0-1000||ua, rbc
630-4|Urine culture||no growth||||uti
# Infections
600-7|Blood culture||no growth||||
78012-2|Strep A antigen, throat||negative||||rapid strep
11268-0|Strep A culture, throat||no growth||||strep
94500-6|SARS-CoV-2 RNA||not detected||||covid, pcr
94558-4|SARS-CoV-2 antigen||negative||||covid, rapid
80382-5|Influenza A antigen||negative||||flu
80383-3|Influenza B antigen||negative||||flu
56888-1|HIV 1 and 2 antigen and antibody||negative||||hiv screen
5196-1|Hepatitis B surface antigen||negative||||hbsag
16935-9|Hepatitis B surface antibody|m[IU]/mL||0-1000|0-100000||anti-hbs, hepatitis b immunity
13955-0|Hepatitis C antibody||negative||||hcv
11011-4|Hepatitis C RNA|[IU]/mL|-14|0-10000000|0-1000000000||viral load, hcv
20507-0|Syphilis, RPR||nonreactive||||rpr
21613-5|Chlamydia trachomatis DNA||not detected||||chlamydia, std
24111-7|Neisseria gonorrhoeae DNA||not detected||||gonorrhea, std
# Screening, blood group, drug levels
10524-7|Cervical cytology||negative||||pap smear
21440-3|HPV, high-risk types||negative||||pap
29771-3|Occult blood, stool (immunochemical)||negative||||fit
2335-8|Occult blood, stool||negative||||guaiac
5671-3|Lead, blood|ug/dL|<6y -3.4;-4.9|0-100|0-500||
10368-9|Lead, capillary blood|ug/dL|<6y -3.4;-4.9|0-100|0-500||
883-9|Blood group, ABO||||||blood type
10331-7|Blood group, Rh||||||blood type
14334-7|Lithium|mmol/L|0.6-1.2|0-4|0-15||
10535-3|Digoxin|ng/mL|0.5-2|0-8|0-50||
4086-5|Valproate|ug/mL|50-100|0-250|0-1500||depakote
3432-2|Carbamazepine|ug/mL|4-12|0-40|0-150||
3968-5|Phenytoin|ug/mL|10-20|0-60|0-200||dilantin
`;

function readLab(cells: readonly string[]): LoincCode {
  const [code = "", name = "", unit = "", usual = "", plausible = "", possible = "", others, words] = cells;
  return {
    code,
    name,
    kind: "lab",
    unit,
    units: [
      { unit, factor: 1, offset: 0, decimals: 3 },
      ...listOf(others).map((other) => {
        const [otherUnit = "", factor] = other.split("*");
        return { unit: otherUnit, factor: Number(factor), offset: 0, decimals: 3 };
      }),
    ],
    expected: unit === "" && usual !== "" ? usual : null,
    normal: unit === "" ? [] : readRanges(usual),
    plausible: readRanges(plausible),
    possible: readRanges(possible),
    words: listOf(words),
  };
}

/**
 * Vital signs and the tests a practice orders most. The codes are LOINC's (see NOTICE for its licence), the names are
 * the project's own, units are UCUM.
 *
 * Usual ranges are textbook ranges for adults and children, for values typed by hand: they vary between laboratories,
 * and a result that came with its laboratory's range is judged by that one. They say nothing about pregnancy or the
 * phase of the cycle; where a range would mislead without them (estradiol, FSH, LH, hCG) there is none. Plausible and
 * possible limits are wide and the project's own (C15).
 */
export const loincCodes: () => readonly LoincCode[] = once(() => [
  ...vitalSigns().map((sign) => ({ ...sign, kind: "vital" as const, expected: null, words: [] })),
  ...cellsOf(lines)
    .filter((cells) => cells.length > 1)
    .map(readLab),
]);

export const loincCode = (code: string): LoincCode | undefined =>
  loincCodes().find((one) => one.code === code);

/**
 * C15 for results: judges a number typed or received without its laboratory's range. Null when the code or the unit is
 * not one of the list: nothing was judged, which is not "normal" (C14).
 */
export function judgeResult(
  entry: { readonly code: string; readonly value: number; readonly unit: string } & Person,
): { readonly verdict: Verdict; readonly canonicalValue: number; readonly unit: string } | null {
  const known = loincCode(entry.code);
  const value = known && known.unit !== "" ? toCanonical(entry.value, entry.unit, known.units, 4) : null;
  if (!known || value === null) return null;
  return { verdict: verdictOf(value, known, entry), canonicalValue: value, unit: known.unit };
}
