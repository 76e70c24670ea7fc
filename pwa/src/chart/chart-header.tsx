import type { ReactNode } from "react";
import { AlertMarks } from "#pwa/alert/index.ts";
import { AllergyLine } from "#pwa/allergy/index.ts";
import { GlassStrip } from "#pwa/break-glass/index.ts";
import { RestrictedMark } from "#pwa/care-team/index.ts";
import { PatientBanner } from "#pwa/patient/index.ts";
import { WaitsForReview } from "#pwa/review/waits-for-review.tsx";

interface ChartHeaderProps {
  readonly patientId: string;
  readonly actions?: ReactNode;
}

/** Who it is and what must be known first, on every clinical screen (C04). */
export const ChartHeader = ({ patientId, actions }: ChartHeaderProps) => (
  <PatientBanner
    patientId={patientId}
    marks={
      <>
        <RestrictedMark patientId={patientId} />
        <AlertMarks patientId={patientId} />
      </>
    }
    first={
      <>
        <GlassStrip patientId={patientId} />
        <AllergyLine patientId={patientId} />
        <WaitsForReview patientId={patientId} />
      </>
    }
    actions={actions}
  />
);
