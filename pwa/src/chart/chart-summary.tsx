import { useLingui } from "@lingui/react";
import { IconCloudOff, IconLoader2 } from "@tabler/icons-react";
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
      {presence !== "on-this-tablet" && (
        <>
          <PresenceBar arriving={presence === "arriving"} />
          <SafetyCardView patientId={patientId} />
        </>
      )}
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

/** C01: a chart that is not here never looks like an empty one. */
function PresenceBar({ arriving }: { readonly arriving: boolean }) {
  const { i18n } = useLingui();
  const IconOf = arriving ? IconLoader2 : IconCloudOff;
  return (
    <p className={classes.presence} role="status" data-arriving={arriving}>
      <IconOf size={22} aria-hidden />
      <span>
        <strong>
          {arriving ? i18n._("The chart is on its way") : i18n._("This chart is not on this tablet")}
        </strong>{" "}
        {arriving
          ? i18n._("It is being fetched from the clinic.")
          : i18n._(
              "It was asked for and comes as soon as the clinic answers. What you enter is kept and sent.",
            )}
      </span>
    </p>
  );
}
