import { useLingui } from "@lingui/react";
import { IconAlertOctagon, IconCheck, IconCloudOff, IconHelpCircle } from "@tabler/icons-react";
import { isCurrentAllergy } from "#domain/allergy/index.ts";
import { useRows } from "#pwa/local/index.ts";
import { listWords, useListState } from "#pwa/none-known/index.ts";
import { useSafetyCard } from "#pwa/safety-card/index.ts";
import classes from "./allergy.module.css";

interface Shown {
  readonly substance: string;
  readonly severity: string;
  readonly reactions: readonly string[];
}

const worst = (a: Shown, b: Shown) => Number(b.severity === "severe") - Number(a.severity === "severe");

/** The allergies in the banner: red when there are any, and never silent when nothing is known (C01). */
export function AllergyLine({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { rows } = useRows("allergy", { where: { patientId } });
  const current = rows.filter(isCurrentAllergy);
  const known = useListState(patientId, "allergies", current.length);
  const card = useSafetyCard(patientId);
  const words = listWords(i18n, "allergies");
  const fromCard = known.state === "not-here" && card;
  const state = fromCard ? card.allergies.state : known.state;
  const entries: readonly Shown[] =
    fromCard && card.allergies.state === "listed" ? card.allergies.entries : current;
  if (state === "listed" || entries.length > 0)
    return (
      <p className={classes.line} data-state="listed">
        <IconAlertOctagon size={20} stroke={2.2} aria-hidden />
        <strong>{i18n._("Allergies")}</strong>
        {[...entries].sort(worst).map((one, index) => (
          <span key={index} className={classes.one}>
            {one.substance}
            {one.severity === "severe" && ` (${i18n._("severe")})`}
            {one.reactions.length > 0 && (
              <span className={classes.reactions}>{one.reactions.join(", ")}</span>
            )}
          </span>
        ))}
        {fromCard && <span className={classes.source}>{i18n._("from the safety card")}</span>}
      </p>
    );
  const [text, IconOf] =
    state === "none-known"
      ? [words.none, IconCheck]
      : state === "not-asked"
        ? [words.notAsked, IconHelpCircle]
        : [words.notHere, IconCloudOff];
  return (
    <p className={classes.line} data-state={state}>
      <IconOf size={20} stroke={2} aria-hidden />
      <span>{text}</span>
    </p>
  );
}
