import { useLingui } from "@lingui/react";
import { IconArrowsJoin, IconHourglass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type Patient, type PendingMerge, patientName } from "#domain/patient/index.ts";
import { birthDateText, longDateText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./merge-strips.module.css";
import { useMerged } from "./use-merged.ts";

/** On every banner: a merge that waits for a second person, and the records that this one has taken in (C07). */
export function MergeStrips({ patient }: { readonly patient: Patient }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const merged = useMerged(patient.id);
  return (
    <>
      {patient.mergePending && <Pending pending={patient.mergePending} />}
      {merged.map((record) => (
        <p key={record.id} className={classes.merged}>
          <IconArrowsJoin size={18} aria-hidden />
          <span>
            {i18n._("Includes the record merged on {date}: {name}, born {birthDate}, {record}", {
              date: record.mergedAt ? longDateText(record.mergedAt, practice?.zone ?? "UTC") : "",
              name: patientName(record),
              birthDate: birthDateText(record.birthDate),
              record: record.recordNumber ?? i18n._("number waits"),
            })}
          </span>
        </p>
      ))}
    </>
  );
}

function Pending({ pending }: { readonly pending: PendingMerge }) {
  const { i18n } = useLingui();
  const may = useMay();
  // The record itself, not whom it points to: a parting names the merged one.
  const { rows } = useRows("patient", { where: { id: pending.withId } });
  const [other] = rows;
  const who = other
    ? { name: patientName(other), birthDate: birthDateText(other.birthDate) }
    : { name: i18n._("a record that is not on this tablet"), birthDate: "–" };
  return (
    <div className={classes.pending} role="status">
      <IconHourglass size={18} aria-hidden />
      <span>{pendingText(i18n, pending, who)}</span>
      {may("approval:read") && (
        <Link to="/approvals" className={classes.link}>
          {i18n._("See the request")}
        </Link>
      )}
    </div>
  );
}

function pendingText(
  i18n: ReturnType<typeof useLingui>["i18n"],
  { kind, approved }: PendingMerge,
  who: { readonly name: string; readonly birthDate: string },
): string {
  if (kind === "merge")
    return approved
      ? i18n._("Merge with {name}, born {birthDate}, is approved and about to be carried out", who)
      : i18n._("Merge with {name}, born {birthDate}, is waiting for approval", who);
  return approved
    ? i18n._("Parting from {name}, born {birthDate}, is approved and about to be carried out", who)
    : i18n._("Parting from {name}, born {birthDate}, is waiting for approval", who);
}
