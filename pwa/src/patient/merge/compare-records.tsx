import { useLingui } from "@lingui/react";
import { IconEqualNot } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ComparedPatient } from "#domain/approval/index.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { sexText } from "../patient-words.ts";
import { PhoneNumber } from "../phone-number.tsx";
import classes from "./compare-records.module.css";

interface CompareRecordsProps {
  readonly left: ComparedPatient;
  readonly right: ComparedPatient;
  /** What stands over each column. */
  readonly heads: readonly [ReactNode, ReactNode];
}

/** Two records beside each other in the desk's words. What differs is marked by an icon and by words, not by colour alone. */
export function CompareRecords({ left, right, heads }: CompareRecordsProps) {
  const { i18n } = useLingui();
  const none = "–";
  const rows: readonly [label: string, value: (patient: ComparedPatient) => string, isPhone?: true][] = [
    [i18n._("Name"), ({ name }) => name],
    [i18n._("Born"), ({ birthDate }) => birthDateText(birthDate)],
    [i18n._("Sex"), ({ sex }) => sexText(i18n, sex)],
    [i18n._("Phone"), ({ phone }) => phone || none, true],
    [i18n._("Email"), ({ email }) => email || none],
    [i18n._("Address"), ({ address }) => address || none],
    [i18n._("Deceased on"), ({ deceasedOn }) => (deceasedOn ? birthDateText(deceasedOn) : none)],
    [i18n._("Record"), ({ recordNumber }) => recordNumber ?? i18n._("number waits")],
  ];
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">{heads[0]}</th>
            <th scope="col">{heads[1]}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, value, isPhone], index) => {
            const shown = (patient: ComparedPatient) =>
              isPhone ? <PhoneNumber number={value(patient)} /> : value(patient);
            if (value(left) === none && value(right) === none) return null;
            // Two records never share a number, so that says nothing.
            const differs = value(left) !== value(right) && index < rows.length - 1;
            return (
              <tr key={label} data-differs={differs || undefined}>
                <th scope="row">
                  <span className={classes.label}>
                    {label}
                    {differs && (
                      <span className={classes.differs}>
                        <IconEqualNot size={16} stroke={2} aria-hidden />
                        {i18n._("differs")}
                      </span>
                    )}
                  </span>
                </th>
                <td>{shown(left)}</td>
                <td>{shown(right)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
