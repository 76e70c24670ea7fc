import { useLingui } from "@lingui/react";
import { IconAlertOctagon, IconAlertTriangle, IconEyeOff, IconShieldCheck } from "@tabler/icons-react";
import { isCurrentAllergy } from "#domain/allergy/index.ts";
import {
  checkMedication,
  crossReasons,
  type MedicationCheck,
  type MedicationWarning,
} from "#domain/code-set/index.ts";
import { isCurrentMedication } from "#domain/medication/index.ts";
import { useChartPresence, useRows } from "#pwa/local/index.ts";
import classes from "./medication.module.css";

/** C13: what the small table of the practice says of a drug against this chart. `changing` = the entry that is changed. */
export function useMedicationCheck(
  patientId: string,
  drug: string,
  changing?: string,
): MedicationCheck | null {
  const { rows: allergies } = useRows("allergy", { where: { patientId } });
  const { rows: medications } = useRows("medication", { where: { patientId } });
  if (drug.trim() === "") return null;
  const check = checkMedication(
    { drug },
    {
      allergies: allergies.filter(isCurrentAllergy).map(({ id, allergen, substance, severity }) => ({
        id,
        allergen: allergen ?? substance,
        severity,
      })),
      medications: medications
        .filter((one) => isCurrentMedication(one) && one.id !== changing)
        .map(({ id, drug: known, name }) => ({ id, drug: known ?? name })),
    },
  );
  // In the words of the chart, with what happened: that decides.
  const inWords = new Map(
    allergies.map(({ id, substance, reactions }) => [
      id,
      reactions.length > 0 ? `${substance} (${reactions.join(", ")})` : substance,
    ]),
  );
  return {
    ...check,
    warnings: check.warnings.map((warning) => ({
      ...warning,
      against: { ...warning.against, text: inWords.get(warning.against.id ?? "") ?? warning.against.text },
    })),
  };
}

interface MedicationChecksProps {
  readonly patientId: string;
  readonly check: MedicationCheck;
}

/** Warnings, the gravest first, and in plain words what was not checked. */
export function MedicationChecks({ patientId, check }: MedicationChecksProps) {
  const { i18n } = useLingui();
  const here = useChartPresence(patientId) === "on-this-tablet";
  return (
    <div className={classes.checks} role="status">
      {check.warnings.map((warning) => (
        <Warning key={`${warning.kind} ${warning.against.text} ${warning.parts.shared}`} warning={warning} />
      ))}
      {!here && (
        <p className={classes.notChecked}>
          <IconEyeOff size={20} aria-hidden />
          {i18n._("Not checked: the chart is not on this tablet.")}
        </p>
      )}
      {check.notChecked.map(({ what, text }) => (
        <p key={`${what} ${text}`} className={classes.notChecked}>
          <IconEyeOff size={20} aria-hidden />
          {what === "drug"
            ? i18n._("Not checked: “{text}” is not in the table of drugs.", { text })
            : what === "allergy"
              ? i18n._("Not checked against the allergy “{text}”, which is written in own words.", { text })
              : i18n._("Not checked against “{text}”, which is not in the table of drugs.", { text })}
        </p>
      ))}
      {check.warnings.length === 0 && here && check.drugs.length > 0 && (
        <p className={classes.clear}>
          <IconShieldCheck size={20} aria-hidden />
          {i18n._(
            "No warning from the practice's small table of allergies and duplicates. It does not check interactions or doses.",
          )}
        </p>
      )}
    </div>
  );
}

function Warning({ warning }: { readonly warning: MedicationWarning }) {
  const { i18n } = useLingui();
  const { kind, severity, against, parts } = warning;
  const IconOf = severity === "high" ? IconAlertOctagon : IconAlertTriangle;
  const words = { text: against.text, drug: parts.drug, shared: parts.shared };
  const text = {
    allergy: i18n._("Allergy to {text}: {drug} is or contains {shared}.", words),
    "cross-reactivity": i18n._("Allergy to {text}: may cross-react with {drug} ({shared}).", words),
    "duplicate-ingredient": i18n._("Already takes {shared}: {text}.", words),
    "duplicate-class": i18n._("Already takes another of the same class ({shared}): {text}.", words),
  }[kind];
  return (
    <p className={classes.warning} data-severity={severity}>
      <IconOf size={22} stroke={2} aria-hidden />
      <span>
        <strong>{text}</strong>
        {parts.reason && <span className={classes.why}>{crossReasons[parts.reason]}</span>}
      </span>
    </p>
  );
}
