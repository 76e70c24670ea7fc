import { once } from "./line-format.ts";

/** A vaccine, immune globulin or skin test as a shot record names it. */
export interface Vaccine {
  /** CVX. */
  readonly code: string;
  /** The short name of the CDC's file; its full name where that has no short one. */
  readonly name: string;
  readonly group: string;
  /**
   * The ages it is made for, in words. A hint beside the field: neither a schedule nor a check. Null where it says
   * nothing useful.
   */
  readonly ageHint: string | null;
  /** False for what is no longer given, or only says that the product is not known: kept for shots of the past. */
  readonly current: boolean;
}

// `code|short name|ages`; `past` in place of ages: only for shots of the past. A line with # opens a group.
const lines = `# Hepatitis B
08|Hep B, adolescent or pediatric|birth to 19 years
43|Hep B, adult|from 20 years
44|Hep B, high-dosage, dialysis or IC|from 20 years
189|HepB-CpG|from 18 years
220|HepB recombinant, 3-antigen, Al(OH)3|from 18 years
45|Hep B, unspecified formulation|past
# Rotavirus
119|rotavirus, monovalent|6 weeks to 8 months
116|rotavirus, pentavalent|6 weeks to 8 months
122|rotavirus, unspecified formulation|past
# Diphtheria, tetanus, pertussis
20|DTaP|6 weeks to 6 years
106|DTaP, 5 pertussis antigens|6 weeks to 6 years
115|Tdap|from 7 years
113|Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed|from 7 years
09|Td (adult), 2 Lf tetanus toxoid, preservative free, adsorbed|from 7 years
196|Td, adsorbed, preservative free, adult use, Lf unspecified|from 7 years
28|DT (pediatric)|6 weeks to 6 years
107|DTaP, unspecified formulation|past
139|Td(adult) unspecified formulation|past
138|Td (adult)|past
112|tetanus toxoid, unspecified formulation|past
01|DTP|past
# Haemophilus influenzae type b
48|Hib (PRP-T)|6 weeks to 5 years
49|Hib (PRP-OMP)|6 weeks to 5 years
17|Hib, unspecified formulation|past
# Combined
110|DTaP-Hep B-IPV|6 weeks to 6 years
120|DTaP-Hib-IPV|6 weeks to 4 years
130|DTaP-IPV|4 to 6 years
146|DTaP,IPV,Hib,HepB|6 weeks to 4 years
104|Hep A-Hep B|from 18 years
94|MMRV|12 months to 12 years
51|Hib-Hep B|past
50|DTaP-Hib|past
# Polio
10|IPV|from 6 weeks
89|poliovirus vaccine, unspecified formulation|past
182|OPV, Unspecified|past
02|OPV, trivalent|past
# Pneumococcal
215|Pneumococcal conjugate PCV15, polysaccharide CRM197 conjugate, adjuvant, PF|from 6 weeks
216|Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF|from 6 weeks
327|Pneumococcal conjugate PCV21, polysaccharide CRM197 conjugate, PF|from 18 years
33|pneumococcal polysaccharide PPV23|from 2 years
133|Pneumococcal conjugate PCV 13|past
152|Pneumococcal Conjugate, unspecified formulation|past
109|pneumococcal, unspecified formulation|past
100|pneumococcal conjugate PCV 7|past
# Measles, mumps, rubella, varicella
03|MMR|from 12 months
21|varicella virus vaccine|from 12 months
05|measles virus vaccine|past
06|rubella virus vaccine|past
07|mumps virus vaccine|past
# Hepatitis A
83|Hep A, ped/adol, 2 dose|1 to 18 years
52|Hep A, adult|from 19 years
85|Hep A, unspecified formulation|past
# Meningococcal
203|meningococcal conjugate quadrivalent, MenACWY-TT (MCV4)|from 2 years
136|Meningococcal MCV4O|from 2 months
163|meningococcal B, OMV|10 to 25 years
162|meningococcal B, recombinant|10 to 25 years
316|Meningococcal polysaccharide (MenACWY-TT conjugate), (MenB), PF|10 to 25 years
328|Meningococcal oligosaccharide (MenACWY), (MenB), PF|10 to 25 years
114|meningococcal MCV4P|past
108|meningococcal ACWY, unspecified formulation|past
147|meningococcal MCV4, unspecified formulation|past
164|meningococcal B, unspecified|past
32|meningococcal MPSV4|past
# Human papillomavirus
165|HPV9|9 to 45 years
62|HPV, quadrivalent|past
118|HPV, bivalent|past
137|HPV, unspecified formulation|past
# Influenza
140|Influenza, split virus, trivalent, PF|from 6 months
141|Influenza, split virus, trivalent, preservative|from 6 months
153|Influenza, MDCK, trivalent, PF|from 6 months
320|Influenza, MDCK, trivalent, preservative|from 6 months
155|Influenza, recombinant, trivalent, PF|from 9 years
111|Influenza, live, trivalent, intranasal, PF|2 to 49 years
333|Influenza, live, trivalent, intranasal, self/caregiver admin, PF|2 to 49 years
135|Influenza, high-dose, trivalent, PF|from 65 years
168|Influenza, adjuvanted, trivalent, PF|from 65 years
150|Influenza, split virus, quadrivalent, PF|past
158|Influenza, split virus, quadrivalent, preservative|past
161|Influenza, injectable,quadrivalent, preservative free, pediatric|past
171|Influenza, MDCK, quadrivalent, PF|past
185|Influenza, recombinant, quadrivalent, PF|past
186|Influenza, MDCK, quadrivalent, preservative|past
197|Influenza, high-dose, quadrivalent, PF|past
205|Influenza, adjuvanted, quadrivalent, PF|past
149|Influenza, live, quadrivalent, intranasal|past
88|influenza, unspecified formulation|past
# COVID-19
308|COVID-19, mRNA, LNP-S, PF, tris-sucrose, 3 mcg/0.3 mL|6 months to 4 years
310|COVID-19, mRNA, LNP-S, PF, tris-sucrose, 10 mcg/0.3 mL|5 to 11 years
309|COVID-19, mRNA, LNP-S, PF, tris-sucrose, 30 mcg/0.3 mL|from 12 years
311|COVID-19, mRNA, LNP-S, PF, 25 mcg/0.25 mL|6 months to 11 years
312|COVID-19, mRNA, LNP-S, PF, 50 mcg/0.5 mL|from 12 years
313|COVID-19, subunit, rS-nanoparticle, adjuvanted, PF, 5 mcg/0.5 mL|from 12 years
334|COVID-19, mRNA, LNP-S, PF, 10 mcg/0.2 mL
207|COVID-19, mRNA, LNP-S, PF, 100 mcg/0.5mL dose or 50 mcg/0.25mL dose|past
208|COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose|past
217|COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose, tris-sucrose|past
218|COVID-19, mRNA, LNP-S, PF, 10 mcg/0.2 mL dose, tris-sucrose|past
219|COVID-19, mRNA, LNP-S, PF, 3 mcg/0.2 mL dose, tris-sucrose|past
221|COVID-19, mRNA, LNP-S, PF, 50 mcg/0.5 mL dose|past
228|COVID-19, mRNA, LNP-S, PF, pediatric 25 mcg/0.25 mL dose|past
229|COVID-19, mRNA, LNP-S, bivalent, PF, 50 mcg/0.5 mL or 25mcg/0.25 mL dose|past
230|COVID-19, mRNA, LNP-S, bivalent, PF, 10 mcg/0.2 mL|past
300|COVID-19, mRNA, LNP-S, bivalent, PF, 30 mcg/0.3 mL dose|past
301|COVID-19, mRNA, LNP-S, bivalent, PF, 10 mcg/0.2 mL dose|past
302|COVID-19, mRNA, LNP-S, bivalent, PF, 3 mcg/0.2 mL dose|past
211|COVID-19, subunit, rS-nanoparticle+Matrix-M1 Adjuvant, PF, 0.5 mL|past
212|COVID-19 vaccine, vector-nr, rS-Ad26, PF, 0.5 mL|past
210|COVID-19 vaccine, vector-nr, rS-ChAdOx1, PF, 0.5 mL|past
213|SARS-COV-2 (COVID-19) vaccine, UNSPECIFIED|past
# Respiratory syncytial virus
303|RSV, recombinant, protein subunit RSVpreF, adjuvant reconstituted, 0.5 mL, PF|from 50 years
305|RSV, bivalent, protein subunit RSVpreF, diluent reconstituted, 0.5 mL, PF|from 60 years, or pregnancy
326|RSV, mRNA, injectable, PF|from 18 years
306|RSV, mAb, nirsevimab-alip, 0.5 mL, neonate to 24 months|birth to 24 months
307|RSV, mAb, nirsevimab-alip, 1 mL, neonate to 24 months|birth to 24 months
332|RSV, mAb, clesrovimab-cfor, 0.7 mL, neonate and infant, PF|birth to 12 months
93|RSV-MAb|past
304|Respiratory syncytial virus (RSV), unspecified|past
314|Respiratory syncytial virus (RSV) vaccine, unspecified|past
# Zoster
187|zoster vaccine recombinant|from 18 years
121|zoster live|past
188|zoster, unspecified formulation|past
# Travel and special risk
25|typhoid, oral|from 6 years
101|typhoid, ViCPs|from 2 years
37|yellow fever vaccine live|from 9 months
184|Yellow fever, unspecified|past
134|Japanese Encephalitis IM|from 2 months
175|Rabies - IM Diploid cell culture
176|Rabies - IM fibroblast culture
90|rabies, unspecified formulation|past
174|cholera, live attenuated|2 to 64 years
56|dengue fever tetravalent|9 to 16 years
223|Tick-borne encephalitis, inactivated, PF, 0.25mL|1 to 15 years
224|Tick-borne encephalitis, inactivated, PF, 0.5mL|from 16 years
317|Chikungunya live attenuated vaccine, 0.5 mL, PF|from 18 years
329|Chikungunya, VLP, recombinant, 0.8 mL, PF|from 12 years
204|Ebola Zaire vaccine, live, recombinant, 1mL dose|from 12 months
206|Vaccinia, smallpox Mpox vaccine live, PF, SQ or ID injection|from 18 years
75|Vaccinia (smallpox, mpox), live
24|Anthrax, pre-exposure prophylaxis, post-exposure prophylaxis|18 to 65 years
318|Anthrax, post-exposure prophylaxis|18 to 65 years
19|BCG
143|Adenovirus types 4 and 7|17 to 50 years
91|typhoid, unspecified formulation|past
129|Japanese Encephalitis, unspecified formulation|past
222|Tick-borne encephalitis, unspecified|past
# Immune globulins and antitoxins
30|HBIG
13|TIG
34|RIG
36|VZIG
86|IG
87|IGIV
156|Rho(D)-IG
157|Rho(D) -IG IM
27|botulinum antitoxin
# Skin tests and others
96|TST-PPD intradermal
98|TST, unspecified formulation|past
998|no vaccine administered
999|unknown`;

/**
 * Vaccines for the shot record. Codes and names are those of the CDC's CVX file (public domain); groups and ages are
 * the project's own. Which products are current is as we knew it in autumn 2026: a practice imports the official file.
 */
export const vaccines: () => readonly Vaccine[] = once(() =>
  lines
    .trim()
    .split(/\n?^# /m)
    .slice(1)
    .flatMap((text) => {
      const [group = "", ...rows] = text.split("\n");
      return rows.map((row) => {
        const [code = "", name = "", ages] = row.split("|");
        const current = ages !== "past";
        return { code, name, group, ageHint: current ? (ages ?? null) : null, current };
      });
    }),
);

export const vaccine = (code: string): Vaccine | undefined => vaccines().find((one) => one.code === code);
