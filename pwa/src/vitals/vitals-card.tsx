import { useLingui } from "@lingui/react";
import { IconActivityHeartbeat, IconArrowDown, IconArrowUp, IconChartLine } from "@tabler/icons-react";
import { useState } from "react";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardPast, CardRow } from "#pwa/design/card.tsx";
import { PlainListState } from "#pwa/design/plain-list-state.tsx";
import { longDateTimeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { useUnits } from "./units.ts";
import classes from "./vitals.module.css";
import { lastHeightOf, personAt, type ShownVital, shownVitals, vitalsLine } from "./vitals-text.ts";

const VitalsForm = lazyPart(() => import("./vitals-form.tsx").then((module) => module.VitalsForm));
const VitalsSheet = lazyPart(() => import("./vitals-sheet.tsx").then((module) => module.VitalsSheet));

interface VitalsCardProps {
  readonly patientId: string;
  readonly onTrends?: () => void;
}

/** The newest set, large; the ones before in a line each. */
export function VitalsCard({ patientId, onTrends }: VitalsCardProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const may = useMay();
  const units = useUnits();
  const [open, setOpen] = useState<string | null>(null);
  const { row: patient } = useRow("patient", patientId);
  const { rows } = useRows("vitals", { where: { patientId }, sort: { by: "takenAt", descending: true } });
  const latest = rows.find(({ status }) => status === "final");
  const before = rows.filter((one) => one !== latest);
  const shown = rows.find(({ id }) => id === open);
  const close = () => setOpen(null);
  const name = useStaffName(latest?.recordedBy ?? patientId);
  return (
    <Card
      title={i18n._("Vital signs")}
      icon={IconActivityHeartbeat}
      add={may("chart:write") ? { label: i18n._("Record vitals"), onClick: () => setOpen("new") } : undefined}
      extra={
        onTrends &&
        rows.length > 0 && (
          <button type="button" className={classes.trends} onClick={onTrends}>
            <IconChartLine size={18} stroke={2} aria-hidden />
            {i18n._("Trends")}
          </button>
        )
      }
    >
      <PlainListState patientId={patientId} count={rows.length} empty={i18n._("None recorded yet.")} />
      {latest && (
        <>
          <button type="button" className={classes.latest} onClick={() => setOpen(latest.id)}>
            <span className={classes.when}>
              {longDateTimeText(latest.takenAt, zone)}
              {name && ` · ${name}`}
              <RecordMark id={latest.id} />
            </span>
            <span className={classes.tiles}>
              {shownVitals(
                i18n,
                latest,
                personAt(patient, latest.takenAt, zone),
                units,
                lastHeightOf(rows),
              ).map((one) => (
                <VitalTile key={one.key} vital={one} />
              ))}
            </span>
          </button>
          <CardPast
            label={i18n._("{count, plural, one {# earlier set} other {# earlier sets}}", {
              count: before.length,
            })}
            rows={before}
            row={(one) => (
              <CardRow
                key={one.id}
                title={longDateTimeText(one.takenAt, zone)}
                detail={vitalsLine(i18n, one, units)}
                barred={one.status !== "final"}
                onClick={() => setOpen(one.id)}
              />
            )}
          />
        </>
      )}
      {open === "new" && <VitalsForm patientId={patientId} onClose={close} />}
      {shown && <VitalsSheet vitals={shown} onClose={close} />}
    </Card>
  );
}

/** One value: colour, arrow and word say that it is out of range; none of them stands alone. */
export function VitalTile({ vital }: { readonly vital: ShownVital }) {
  const { i18n } = useLingui();
  const { verdict } = vital;
  const high = verdict === "high";
  const low = verdict === "low";
  return (
    <span className={classes.tile} data-verdict={verdict}>
      <span className={classes.tileName}>{vital.name}</span>
      <span className={classes.tileValue}>
        {vital.value}
        <span className={classes.tileUnit}>{vital.unit}</span>
      </span>
      {verdict !== "ok" && (
        <span className={classes.flag}>
          {high && <IconArrowUp size={15} stroke={2.4} aria-hidden />}
          {low && <IconArrowDown size={15} stroke={2.4} aria-hidden />}
          {high ? i18n._("high") : low ? i18n._("low") : i18n._("unusual, confirmed")}
        </span>
      )}
    </span>
  );
}
