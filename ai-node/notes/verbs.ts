/**
 * The verbs that the rewriter may conjugate. A closed list on purpose: with a rule for every word "you first noticed"
 * becomes "the patient firsts noticed".
 */
const baseForms = new Set(
  `ache agree allow answer apply arrive ask avoid bathe believe bend blame bleed blow breathe bring bruise
  brush burn burp buy call care carry catch change check chew choke choose clean clear climb close come
  complain continue control cook cough count crave cry dance deal decide deny describe develop dislike do
  drink drive drop eat elevate end enjoy exercise expect experience fall feed feel fight figure find finish
  fly follow forget gain garden gasp get give go grab grind guess hate have hear help hike hold hope   inject itch jog jump keep kneel know lack lay lean learn leave lie lift like limp live look lose love make
  manage massage mean measure mention miss monitor move need notice own panic pass pay pee play poop practice
  prefer press puke pull push raise reach react recall recover reduce refuse rely remember report
  require rest return ride rub run say see seem sense shake share shop shower sing sit skip sleep slip smell
  smoke sneeze snore speak spend squat stand start stay step stop strain stretch struggle study suffer
  suppose suspect swallow sweat sweep swell swim swing take talk taste teach tell think throw tire touch
  travel treat try turn twist understand urinate use vape visit vomit wait wake walk want wash watch wear
  weigh wheeze wish wonder work worry write yawn`.split(/\s+/),
);

const irregular: Record<string, string> = { have: "has", do: "does", go: "goes" };

/**
 * Words after a subject that keep their form in the third person. `hurt`, `put`, `cut` and `read` look alike now and
 * then: they keep the form that was said.
 */
const unchanging = new Set(
  `was had did could would should might may can will must shall went got took felt saw knew thought said told came made
  gave ran put hurt ate fell drove slept kept lost found heard left woke stood sat lay began became broke brought bought
  caught chose drank forgot froze grew held hit hung led lied met paid quit read rode rose sent set shook shot shut sold
  spit spent spoke stuck stung swam swelled threw understood wore won wrote bent bled bit blew burnt cut dealt dreamt fed
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
