import { useLingui } from "@lingui/react";
import { IconBell, IconBellOff } from "@tabler/icons-react";
import type { Alert } from "#domain/alert/index.ts";
import { Details, SheetAction, SheetActions } from "#pwa/design/details.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { alertKindText } from "./alert-words.ts";

export function AlertSheet({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const { id, patientId } = alert;
  const resume = () => mutate("alert.resume", { id, patientId });
  const run = (work: () => Promise<unknown>) =>
    void saving.save(async () => {
      await work();
      onClose();
    });
  return (
    <PatientSheet patientId={patientId} title={alert.text} onClose={onClose}>
      <ReportedBadge verification={alert.verification} />
      <Details
        facts={[
          [i18n._("Kind"), alertKindText(i18n, alert.kind)],
          [i18n._("Status"), alert.active ? i18n._("Active") : i18n._("Ended")],
          [i18n._("Entered by"), <WhoWhen key="by" by={alert.recordedBy} at={alert.recordedAt} />],
          [
            i18n._("Last changed by"),
            <WhoWhen key="last" by={alert.lastChange.by} at={alert.lastChange.at} />,
          ],
        ]}
      />
      {saving.failure && <p role="alert">{saving.failure}</p>}
      <SheetActions>
        {alert.active ? (
          <SheetAction
            label={i18n._("End alert")}
            icon={<IconBellOff size={20} aria-hidden />}
            onClick={() =>
              run(async () => {
                await mutate("alert.end", { id, patientId });
                say(i18n._("Alert ended"), resume);
              })
            }
          />
        ) : (
          <SheetAction
            label={i18n._("Holds again")}
            icon={<IconBell size={20} aria-hidden />}
            onClick={() => run(resume)}
          />
        )}
      </SheetActions>
    </PatientSheet>
  );
}
