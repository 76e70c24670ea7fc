import { useLingui } from "@lingui/react";
import { IconShieldHeart } from "@tabler/icons-react";
import { listWords } from "#pwa/none-known/index.ts";
import { useSafetyCard } from "#pwa/safety-card/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import classes from "./chart.module.css";

/** What every clinical tablet knows of every patient (C03), shown where the chart itself is not here. */
export function SafetyCardView({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const card = useSafetyCard(patientId);
  if (!card) return null;
  return (
    <section className={classes.safety} aria-label={i18n._("Safety card")}>
      <h2 className={classes.safetyTitle}>
        <IconShieldHeart size={22} stroke={1.8} aria-hidden />
        {i18n._("Safety card")}
        <span>{i18n._("the short form that is on every clinical tablet, not the chart")}</span>
      </h2>
      <div className={classes.safetyLists}>
        <SafetyList
          title={i18n._("Allergies")}
          list="allergies"
          known={card.allergies}
          words={(one) =>
            [
              one.substance,
              one.severity === "severe" && `(${i18n._("severe")})`,
              one.reactions.length > 0 && one.reactions.join(", "),
              one.reported && `· ${i18n._("Reported, unverified")}`,
            ]
              .filter(Boolean)
              .join(" ")
          }
        />
        <SafetyList
          title={i18n._("Medications")}
          list="medications"
          known={card.medications}
          words={(one) =>
            [
              one.name,
              one.dose,
              one.frequency,
              one.pending.includes("stop") && `· ${i18n._("STOP pending")}`,
              one.pending.includes("dose") && `· ${i18n._("CHANGE pending")}`,
            ]
              .filter(Boolean)
              .join(" ")
          }
        />
        <SafetyList
          title={i18n._("Problems")}
          list="problems"
          known={card.problems}
          words={(one) => one.title}
        />
      </div>
    </section>
  );
}

type Known<T> =
  | { readonly state: "not-asked" }
  | { readonly state: "none-known"; readonly by: string; readonly at: string }
  | { readonly state: "listed"; readonly entries: readonly T[] };

interface SafetyListProps<T> {
  readonly title: string;
  readonly list: "allergies" | "medications" | "problems";
  readonly known: Known<T>;
  readonly words: (entry: T) => string;
}

function SafetyList<T>({ title, list, known, words }: SafetyListProps<T>) {
  const { i18n } = useLingui();
  return (
    <div>
      <h3>{title}</h3>
      {known.state === "listed" ? (
        <ul>
          {known.entries.map((one, index) => (
            <li key={index}>{words(one)}</li>
          ))}
        </ul>
      ) : (
        <p>
          {known.state === "not-asked" ? i18n._("Not asked yet") : listWords(i18n, list).none}
          {known.state === "none-known" && (
            <>
              <br />
              <WhoWhen by={known.by} at={known.at} />
            </>
          )}
        </p>
      )}
    </div>
  );
}
