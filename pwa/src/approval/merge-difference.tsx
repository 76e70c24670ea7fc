import { useLingui } from "@lingui/react";
import {
  type Approval,
  countedKinds,
  leavesNoReader,
  type MergeDifference as Records,
} from "#domain/approval/index.ts";
import { longDateText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { CompareRecords } from "#pwa/patient/index.ts";
import classes from "./approvals.module.css";

/** What a request about two records would change: both side by side, who may read, and where later data went. */
export function MergeDifference({ approval }: { readonly approval: Approval }) {
  const { i18n } = useLingui();
  const { records } = approval.difference;
  if (!records) return null;
  const merges = approval.payload.kind === "patient.merge";
  return (
    <div className={classes.records}>
      <CompareRecords
        left={records.kept}
        right={records.merged}
        heads={
          merges
            ? [i18n._("Stays"), i18n._("Leads to it afterwards")]
            : [i18n._("Keeps what came later"), i18n._("Stands for itself again")]
        }
      />
      {Boolean(records.kept.deceasedOn) !== Boolean(records.merged.deceasedOn) && (
        <p className={classes.warning}>
          {i18n._("One record says that this person has died, the other does not.")}
        </p>
      )}
      {records.readers && <Readers readers={records.readers} records={records} />}
      {leavesNoReader(approval.difference) && (
        <p className={classes.warning}>
          {i18n._("Nobody is in both care teams: this cannot be approved before one of them changes.")}
        </p>
      )}
      {records.counts && <Counts counts={records.counts} records={records} />}
    </div>
  );
}

interface ReadersProps {
  readonly readers: NonNullable<Records["readers"]>;
  readonly records: Records;
}

/** Who may open each chart, where that changes. */
function Readers({ readers: { before, after }, records }: ReadersProps) {
  const { i18n } = useLingui();
  const { rows: staff } = useRows("staff");
  const names = (ids: readonly string[] | null): string =>
    ids === null
      ? i18n._("all clinical staff")
      : ids.map((id) => staff.find((person) => person.id === id)?.name ?? i18n._("Somebody")).join(", ") ||
        i18n._("nobody");
  const changes = (["kept", "merged"] as const).filter((one) => names(before[one]) !== names(after[one]));
  if (changes.length === 0) return null;
  return (
    <ul className={classes.readers}>
      {changes.map((one) => (
        <li key={one}>
          {i18n._("Chart of {name}: read by {before}; afterwards by {after}", {
            name: records[one].name,
            before: names(before[one]),
            after: names(after[one]),
          })}
        </li>
      ))}
    </ul>
  );
}

interface CountsProps {
  readonly counts: NonNullable<Records["counts"]>;
  readonly records: Records;
}

/** How much each record held when they were merged and holds now: what came since stays where it is. */
function Counts({ counts: { mergedAt, atMerge, now }, records }: CountsProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const words: Record<(typeof countedKinds)[number], string> = {
    appointments: i18n._("Appointments"),
    visits: i18n._("Visits"),
    "wait-list": i18n._("Wait list"),
    tasks: i18n._("Tasks and messages"),
    chart: i18n._("Entries in the chart"),
  };
  return (
    <table className={classes.counts}>
      <caption>
        {i18n._("Merged on {date}. At the merge → now:", {
          date: longDateText(mergedAt, practice?.zone ?? "UTC"),
        })}
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{records.kept.name}</th>
          <th scope="col">{records.merged.name}</th>
        </tr>
      </thead>
      <tbody>
        {countedKinds.map((kind) => (
          <tr key={kind} data-grew={now.kept[kind] !== atMerge.kept[kind] || undefined}>
            <th scope="row">{words[kind]}</th>
            <td>{`${atMerge.kept[kind]} → ${now.kept[kind]}`}</td>
            <td>{`${atMerge.merged[kind]} → ${now.merged[kind]}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
