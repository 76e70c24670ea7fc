import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { DemographicsReview } from "#domain/demographics-review/index.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { isIdentifying, type Patient } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { mutate } from "#pwa/local/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { fieldText, valueText } from "./field-text.ts";
import classes from "./two-values.module.css";
import { useTwoValues } from "./use-two-values.ts";

interface TwoValuesProps {
  readonly patient: Patient;
  readonly mayDecide: boolean;
}

/** Two people entered different values without seeing each other's: both, side by side, until somebody decides. */
export function TwoValues({ patient, mayDecide }: TwoValuesProps) {
  const { i18n } = useLingui();
  const open = useTwoValues(patient.id);
  if (open.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="two-values">
      <h2 id="two-values" className={classes.title}>
        {i18n._("Two different values")}
      </h2>
      <p className={classes.hint}>
        {mayDecide
          ? i18n._("Two people wrote without seeing each other. Ask the patient, then choose.")
          : i18n._("Two people wrote without seeing each other. The desk or the care team chooses.")}
      </p>
      {open.map((question) => (
        <Question key={question.id} question={question} patient={patient} mayDecide={mayDecide} />
      ))}
    </section>
  );
}

interface QuestionProps extends TwoValuesProps {
  readonly question: DemographicsReview;
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

function Question({ question, patient, mayDecide }: QuestionProps) {
  const { i18n } = useLingui();
  const [failure, setFailure] = useState<string | null>(null);
  const { id, field, standing, other } = question;
  const now = patient[field];
  const words = { now: valueText(i18n, field, now), other: valueText(i18n, field, other.value) };
  // Who somebody is never comes from a record that was merged into this one (C07).
  const mayTake = !same(now, other.value) && (question.patientId === patient.id || !isIdentifying(field));
  // Of two that may both be right, the one that was entered last: what stands is only what came to the clinic last.
  const isNewer =
    mayTake &&
    !isIdentifying(field) &&
    same(now, standing.value) &&
    Date.parse(other.at ?? "") > Date.parse(standing.at ?? "");
  const decide = async (decision: "keep" | "take") => {
    try {
      await mutate("demographics-review.decide", { id, decision, seen: now });
      if (decision === "keep") say(i18n._("Kept {value}.", { value: words.now }));
      else
        say(i18n._("{value} goes into the record.", { value: words.other }), () =>
          mutate("patient.update", { id: patient.id, [field]: now }),
        );
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  return (
    <article className={classes.question} aria-label={fieldText(i18n, field)}>
      <h3 className={classes.field}>{fieldText(i18n, field)}</h3>
      <div className={classes.both}>
        <Value
          head={i18n._("In the record")}
          words={words.now}
          entered={same(now, standing.value) ? standing : null}
          recommended={!isNewer}
        >
          {mayDecide && (
            <Button variant={isNewer ? "default" : "filled"} onClick={() => decide("keep")}>
              {i18n._("Keep this")}
            </Button>
          )}
        </Value>
        <Value head={i18n._("Also entered")} words={words.other} entered={other} recommended={isNewer}>
          {mayDecide && mayTake && (
            <Button variant={isNewer ? "filled" : "default"} onClick={() => decide("take")}>
              {i18n._("Use this")}
            </Button>
          )}
        </Value>
      </div>
      {failure && (
        <p role="alert" className={classes.failure}>
          {failure}
        </p>
      )}
    </article>
  );
}

interface ValueProps {
  readonly head: string;
  readonly words: string;
  /** Who entered it; null where that is another value than the question is about. */
  readonly entered: DemographicsReview["other"] | null;
  readonly recommended: boolean;
  readonly children: React.ReactNode;
}

function Value({ head, words, entered, recommended, children }: ValueProps) {
  const { i18n } = useLingui();
  return (
    <div className={classes.value}>
      <p className={classes.head}>
        {head}
        {recommended && (
          <StateBadge tone="accent" icon={IconCheck}>
            {i18n._("Recommended")}
          </StateBadge>
        )}
      </p>
      <p className={classes.words}>{words}</p>
      <p className={classes.who}>
        {entered?.by && entered.at ? (
          <WhoWhen by={entered.by} at={entered.at} />
        ) : entered ? (
          i18n._("Entered before")
        ) : (
          i18n._("Changed since")
        )}
      </p>
      {children}
    </div>
  );
}
