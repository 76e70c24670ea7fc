import { useLingui } from "@lingui/react";
import { IconTrashX } from "@tabler/icons-react";
import type { Immunization } from "#domain/immunization/index.ts";
import { Details, SheetAction, SheetActions } from "#pwa/design/details.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { mutate } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { sourceText } from "./immunization-words.ts";

interface ImmunizationSheetProps {
  readonly immunization: Immunization;
  readonly onClose: () => void;
}

export function ImmunizationSheet({ immunization: one, onClose }: ImmunizationSheetProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const { id, patientId } = one;
  return (
    <PatientSheet patientId={patientId} title={one.vaccine} onClose={onClose}>
      <ReportedBadge verification={one.verification} />
      <Details
        facts={[
          [i18n._("Given on"), birthDateText(one.givenOn)],
          [i18n._("Known"), sourceText(i18n, one.source)],
          [i18n._("CVX"), one.cvx],
          [i18n._("Lot number"), one.lot],
          [i18n._("Site"), one.site],
          [i18n._("Note"), one.note],
          [i18n._("Entered by"), <WhoWhen key="by" by={one.recordedBy} at={one.recordedAt} />],
        ]}
      />
      {saving.failure && <p role="alert">{saving.failure}</p>}
      {one.status === "completed" && (
        <SheetActions>
          <SheetAction
            label={i18n._("Entered in error")}
            tone="danger"
            icon={<IconTrashX size={20} aria-hidden />}
            onClick={() =>
              void saving.save(async () => {
                await mutate("immunization.enterInError", { id, patientId });
                onClose();
              })
            }
          />
        </SheetActions>
      )}
    </PatientSheet>
  );
}
