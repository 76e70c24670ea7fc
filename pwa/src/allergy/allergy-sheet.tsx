import { useLingui } from "@lingui/react";
import {
  IconBan,
  IconClockOff,
  IconPencil,
  IconRotate,
  IconTrashX,
  IconUserCheck,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Allergy } from "#domain/allergy/index.ts";
import { Details, SheetAction, SheetActions } from "#pwa/design/details.tsx";
import { ReasonForm, ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { BackOnTheList } from "#pwa/duplicate/index.ts";
import { mutate } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { AllergyForm } from "./allergy-form.tsx";
import { allergyStatusText, severityText } from "./allergy-words.ts";

interface AllergySheetProps {
  readonly allergy: Allergy;
  readonly onClose: () => void;
}

type Step = "refute" | "end" | "error";

/** One allergy. Only a clinician takes it off the list (C12). */
export function AllergySheet({ allergy, onClose }: AllergySheetProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const saving = useSaving();
  const [step, setStep] = useState<Step | "correct" | null>(null);
  const { id, patientId } = allergy;
  const on = { id, patientId };
  const seen = allergy.lastChange.id;
  if (step === "correct") return <AllergyForm patientId={patientId} allergy={allergy} onClose={onClose} />;
  const active = allergy.status === "active";
  const clinicianOnly = may("allergy:end") ? null : i18n._("Only a clinician takes an allergy off the list.");
  const reinstate = () => mutate("allergy.reinstate", on);
  const decide = async (statusReason: string) => {
    if (step === "error") await mutate("allergy.enterInError", { ...on, statusReason });
    else {
      await mutate(step === "refute" ? "allergy.refute" : "allergy.end", { ...on, statusReason, seen });
      say(i18n._("{name} is off the allergy list", { name: allergy.substance }), reinstate);
    }
    onClose();
  };
  return (
    <PatientSheet patientId={patientId} title={allergy.substance} onClose={onClose}>
      <ReportedBadge verification={allergy.verification} />
      <Details
        facts={[
          [
            i18n._("Status"),
            allergy.duplicateOf
              ? i18n._("Listed twice, joined with the other entry")
              : allergyStatusText(i18n, allergy.status),
          ],
          [i18n._("Reason"), allergy.statusReason],
          [i18n._("Reaction"), allergy.reactions.join(", ") || i18n._("Not known")],
          [i18n._("Severity"), severityText(i18n, allergy.severity)],
          [
            i18n._("Checked"),
            allergy.allergen
              ? i18n._("New medications are checked against it.")
              : i18n._("Not checked: it is written in own words."),
          ],
          [i18n._("Note"), allergy.note],
          [i18n._("Entered by"), <WhoWhen key="by" by={allergy.recordedBy} at={allergy.recordedAt} />],
          [
            i18n._("Last changed by"),
            <WhoWhen key="last" by={allergy.lastChange.by} at={allergy.lastChange.at} />,
          ],
        ]}
      />
      {saving.failure && <p role="alert">{saving.failure}</p>}
      {step ? (
        <StepForm allergy={allergy} step={step} onCancel={() => setStep(null)} onSave={decide} />
      ) : (
        <SheetActions>
          {active && allergy.verification === "reported" && (
            <SheetAction
              label={i18n._("Confirm")}
              tone="main"
              icon={<IconUserCheck size={20} aria-hidden />}
              refused={may("chart:confirm") ? null : i18n._("Only a clinician confirms what was reported.")}
              onClick={() =>
                void saving.save(async () => {
                  await mutate("allergy.confirm", on);
                  onClose();
                })
              }
            />
          )}
          {active && (
            <>
              <SheetAction
                label={i18n._("Correct")}
                icon={<IconPencil size={20} aria-hidden />}
                onClick={() => setStep("correct")}
              />
              <SheetAction
                label={i18n._("Refute")}
                icon={<IconBan size={20} aria-hidden />}
                refused={clinicianOnly}
                onClick={() => setStep("refute")}
              />
              <SheetAction
                label={i18n._("No longer present")}
                icon={<IconClockOff size={20} aria-hidden />}
                refused={clinicianOnly}
                onClick={() => setStep("end")}
              />
            </>
          )}
          {(allergy.status === "refuted" || allergy.status === "ended") && (
            <SheetAction
              label={i18n._("Put back on the list")}
              icon={<IconRotate size={20} aria-hidden />}
              refused={clinicianOnly}
              onClick={() =>
                void saving.save(async () => {
                  await reinstate();
                  onClose();
                })
              }
            />
          )}
          <BackOnTheList
            kind="allergy"
            entry={allergy}
            run={(work) =>
              void saving.save(async () => {
                await work();
                onClose();
              })
            }
          />
          {allergy.status !== "entered-in-error" && (
            <SheetAction
              label={i18n._("Entered in error")}
              tone="danger"
              icon={<IconTrashX size={20} aria-hidden />}
              refused={clinicianOnly}
              onClick={() => setStep("error")}
            />
          )}
        </SheetActions>
      )}
    </PatientSheet>
  );
}

interface StepFormProps {
  readonly allergy: Allergy;
  readonly step: Step;
  readonly onCancel: () => void;
  readonly onSave: (reason: string) => Promise<unknown>;
}

function StepForm({ allergy, step, onCancel, onSave }: StepFormProps) {
  const { i18n } = useLingui();
  const words = {
    refute: {
      question: i18n._("Why is it not an allergy?"),
      usual: [i18n._("Tolerated since"), i18n._("Test was negative"), i18n._("Side effect, not an allergy")],
      label: i18n._("Refute allergy"),
    },
    end: {
      question: i18n._("Why is it no longer present?"),
      usual: [i18n._("Outgrown"), i18n._("Desensitized")],
      label: i18n._("End allergy"),
    },
    error: {
      question: i18n._("What was wrong with the entry?"),
      usual: [i18n._("Wrong patient"), i18n._("Entered twice")],
      label: i18n._("Mark as entered in error"),
    },
  }[step];
  const place = { form: `allergy.${step}`, patientId: allergy.patientId, of: allergy.id };
  return <ReasonForm key={step} {...words} place={place} onCancel={onCancel} onSave={onSave} />;
}
