import { useLingui } from "@lingui/react";
import { IconChartLine } from "@tabler/icons-react";
import { useMemo } from "react";
import { bmiOf, type Person, rangeFor, vitalCodes, vitalIn, vitalSign } from "#domain/code-set/index.ts";
import { EmptyOfChart } from "#pwa/design/empty-of-chart.tsx";
import { longDateText, longDateTimeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { LineChart, type Series } from "./line-chart.tsx";
import { unitText, useUnits } from "./units.ts";
import { unitOf, type VitalKey, vitalName } from "./vital-fields.ts";
import classes from "./vitals.module.css";
import { personAt } from "./vitals-text.ts";

const groups: readonly (readonly VitalKey[])[] = [
  ["systolic", "diastolic"],
  ["pulse"],
  ["weight"],
  ["bmi"],
  ["temperature"],
  ["oxygen"],
  ["breathing"],
  ["glucose"],
  ["height"],
  ["pain"],
  ["head"],
];

/** Every vital sign over time, as a line and as a table. */
export function VitalsTrends({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const units = useUnits();
  const { row: patient } = useRow("patient", patientId);
  const { rows } = useRows("vitals", { where: { patientId, status: "final" }, sort: "takenAt" });
  const points = useMemo(() => {
    let height: number | null = null;
    return rows.map(({ takenAt, measurements }) => {
      height = measurements.find(({ code }) => code === vitalCodes.height)?.value ?? height;
      return { takenAt, values: measurements, bmi: bmiOf(measurements, height) };
    });
  }, [rows]);
  const seriesOf = (key: VitalKey): Series => ({
    name: vitalName(i18n, key),
    points: points.flatMap(({ takenAt, values, bmi }) => {
      const raw = key === "bmi" ? bmi : values.find(({ code }) => code === vitalCodes[key])?.value;
      if (raw === undefined || raw === null) return [];
      return [{ at: takenAt, value: vitalIn(vitalCodes[key], raw, unitOf(key, units)) ?? raw }];
    }),
  });
  const shown = groups
    .map((keys) => ({ keys, series: keys.map(seriesOf) }))
    .filter(({ series }) => series.some((one) => one.points.length > 0));
  if (shown.length === 0)
    return (
      <EmptyOfChart patientId={patientId} icon={IconChartLine} title={i18n._("No vital signs to show")}>
        {i18n._("None recorded yet.")}
      </EmptyOfChart>
    );
  return (
    <div className={classes.charts}>
      {shown.map(({ keys, series }) => {
        const key = keys[0]!;
        const unit = unitText(unitOf(key, units));
        const title = keys.length > 1 ? i18n._("Blood pressure") : vitalName(i18n, key);
        const last = series[0]?.points.at(-1)?.at ?? "";
        const person = personAt(patient, last, zone);
        return (
          <section key={key} className={classes.chart} aria-label={title}>
            <h3 className={classes.chartTitle}>
              {title}
              <span>{unit}</span>
            </h3>
            {series.some(({ points: many }) => many.length > 1) && (
              <LineChart
                label={i18n._("{title} over time; the table below has the same values", { title })}
                series={series}
                normal={keys.map((one) => normalRange(one, person, unitOf(one, units)))}
                dateText={(at) => longDateText(at, zone)}
              />
            )}
            <section
              className={classes.tableBox}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll with the keyboard, too
              tabIndex={0}
              aria-label={i18n._("{title}, table", { title })}
            >
              <table className={classes.table}>
                <thead>
                  <tr>
                    <th scope="col">{i18n._("Taken")}</th>
                    <th scope="col">{unit}</th>
                  </tr>
                </thead>
                <tbody>
                  {rowsOf(series).map(({ at, text }) => (
                    <tr key={at}>
                      <td>{longDateTimeText(at, zone)}</td>
                      <td>{text}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </section>
        );
      })}
    </div>
  );
}

/** The range that is not flagged, in the unit shown; null where there is none. */
function normalRange(key: VitalKey, person: Person, unit: string): readonly [number, number] | null {
  const sign = vitalSign(vitalCodes[key]);
  const range = sign && rangeFor(sign.normal, person);
  if (!range) return null;
  const [low, high] = range.map((end) => vitalIn(vitalCodes[key], end, unit) ?? end);
  return low !== undefined && high !== undefined ? [low, high] : null;
}

/** Newest first; values of one moment side by side. */
function rowsOf(series: readonly Series[]): { at: string; text: string }[] {
  const moments = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort().reverse();
  return moments.map((at) => ({
    at,
    text: series.map(({ points }) => points.find((point) => point.at === at)?.value ?? "–").join("/"),
  }));
}
