import { useLingui } from "@lingui/react";
import { IconEqualNot } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "../merge/merge-strips.module.css";
import { fieldText } from "./field-text.ts";
import { useTwoValues } from "./use-two-values.ts";

/** On every banner: two people entered different values, and nobody has decided yet. */
export function TwoValuesStrip({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const open = useTwoValues(patientId);
  if (open.length === 0) return null;
  const fields = [...new Set(open.map(({ field }) => fieldText(i18n, field)))].join(", ");
  return (
    <div className={classes.pending} role="status">
      <IconEqualNot size={18} aria-hidden />
      <span>{i18n._("Two different values: {fields}", { fields })}</span>
      <Link to="/patients/$patientId" params={{ patientId }} className={classes.link}>
        {i18n._("See both values")}
      </Link>
    </div>
  );
}
