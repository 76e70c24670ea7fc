import { AlertCard } from "#pwa/alert/index.ts";
import { AllergyCard } from "#pwa/allergy/index.ts";
import { ImmunizationCard } from "#pwa/immunization/index.ts";
import { useChartPresence } from "#pwa/local/index.ts";
import { MedicationCard } from "#pwa/medication/index.ts";
import { LastNoteCard } from "#pwa/note/index.ts";
import { ProblemCard } from "#pwa/problem/index.ts";
import { PatientTasksCard } from "#pwa/task/index.ts";
import { VitalsCard } from "#pwa/vitals/index.ts";
import classes from "./chart.module.css";
import { SafetyCardView } from "./safety-card-view.tsx";

interface ChartSummaryProps {
  readonly patientId: string;
  readonly onTrends: () => void;
}

export function ChartSummary({ patientId, onTrends }: ChartSummaryProps) {
  const presence = useChartPresence(patientId);
  return (
    <>
      {presence !== "on-this-tablet" && <SafetyCardView patientId={patientId} />}
      <div className={classes.columns}>
        <div className={classes.column}>
          <ProblemCard patientId={patientId} />
          <MedicationCard patientId={patientId} />
          <VitalsCard patientId={patientId} onTrends={onTrends} />
        </div>
        <div className={classes.column}>
          <AllergyCard patientId={patientId} />
          <AlertCard patientId={patientId} />
          <LastNoteCard patientId={patientId} />
          <PatientTasksCard patientId={patientId} />
          <ImmunizationCard patientId={patientId} />
        </div>
      </div>
    </>
  );
}
