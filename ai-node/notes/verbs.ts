/**
 * The verbs that the rewriter may conjugate. A closed list on purpose: with a rule for every word "you first noticed"
 * becomes "the patient firsts noticed".
 */
const baseForms = new Set(
  `ache agree avoid bathe believe bend bleed breathe bring bruise burn call carry check choke clean come continue cook
  cough crave cry deal deny dislike drink drive drop eat end enjoy exercise expect experience fall feel find finish
  follow forget gain garden get give go hate have hear help hike hope hurt inject itch jog keep kneel know lean learn
  leave lie lift like limp live look lose love make manage mean measure move need notice own panic pass pee play prefer
  pull push put react read recall recover refuse remember require rest return ride run say see seem sense shake share
  show sit sleep smoke sneeze snore spend spit stand start stay stop struggle study suffer swallow sweat swell swim take
  talk teach tell think throw tire travel try turn understand urinate use vape visit vomit wake walk want watch wear
  weigh wheeze wonder work worry do`.split(/\s+/),
);

const irregular: Record<string, string> = { have: "has", do: "does", go: "goes" };

/** Words after a subject that keep their form in the third person. */
const unchanging = new Set(
  `was had did could would should might may can will must shall went got took felt saw knew thought said told came made
  gave ran put hurt ate fell drove slept kept lost found heard left woke stood sat lay began became broke brought bought
  caught chose drank forgot froze grew held hit hung led lied met paid quit read rode rose sent set shook shot shut sold
  spent spoke stuck stung swam swelled threw understood wore won wrote bent bled bit blew burnt cut dealt dreamt fed
  fought couldn't wouldn't shouldn't didn't hadn't wasn't can't cannot won't mustn't needn't tested`.split(
    /\s+/,
  ),
);

const adverbs = new Set(
  `also still usually always never only sometimes often probably currently already recently just really actually mostly
  mainly normally generally occasionally rarely hardly barely definitely certainly maybe first then now even kind
  basically suddenly slowly constantly regularly typically frequently almost nearly finally initially previously`.split(
    /\s+/,
  ),
);

export const isAdverb = (word: string): boolean => adverbs.has(word);
export const isBaseForm = (word: string): boolean => baseForms.has(word);
/** Past tenses, modal verbs and whatever ends in -ed. */
export const isUnchanging = (word: string): boolean => unchanging.has(word) || /[a-z]{2}ed$/.test(word);

/** The third person of a listed verb in the present: `feel` → `feels`. Undefined for any other word. */
export function thirdPerson(verb: string): string | undefined {
  if (!baseForms.has(verb)) return undefined;
  if (irregular[verb]) return irregular[verb];
  if (/(?:s|sh|ch|x|z)$/.test(verb)) return `${verb}es`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return `${verb}s`;
}
