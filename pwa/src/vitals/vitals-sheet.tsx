import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { IconArrowRight, IconTrashX } from "@tabler/icons-react";
import { useState } from "react";
import { type Patient, patientName } from "#domain/patient/index.ts";
import type { Vitals } from "#domain/vitals/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { Details, SheetAction, SheetActions } from "#pwa/design/details.tsx";
import { ReasonForm } from "#pwa/design/fact-parts.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Picked } from "#pwa/design/picked.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { birthDateText, longDateTimeText } from "#pwa/language/language.ts";
import { mutate, useRow, useSession } from "#pwa/local/index.ts";
import { PatientIdentity, PatientSearch, PatientSheet } from "#pwa/patient/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { useUnits } from "./units.ts";
import classes from "./vitals.module.css";
import { VitalTile } from "./vitals-card.tsx";
import { positionText } from "./vitals-form.tsx";
import { personAt, shownVitals } from "./vitals-text.ts";

interface VitalsSheetProps {
  readonly vitals: Vitals;
  readonly onClose: () => void;
}

/** One set: it never changes. It can be struck, or go to the patient it was taken of (C05). */
export function VitalsSheet({ vitals, onClose }: VitalsSheetProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const units = useUnits();
  const [step, setStep] = useState<"error" | "move" | null>(null);
  const { id, patientId } = vitals;
  const { row: patient } = useRow("patient", patientId);
  const strike = async (statusReason: string) => {
    await mutate("vitals.enterInError", { id, patientId, statusReason });
    onClose();
  };
  return (
    <PatientSheet
      patientId={patientId}
      title={i18n._("Vital signs, {time}", { time: longDateTimeText(vitals.takenAt, zone) })}
      onClose={onClose}
    >
      <div className={classes.tiles}>
        {shownVitals(i18n, vitals, personAt(patient, vitals.takenAt, zone), units).map((one) => (
          <VitalTile key={one.key} vital={one} />
        ))}
      </div>
      <div style={{ height: "1rem" }} />
      <Details
        facts={[
          [i18n._("Position"), positionText(i18n, vitals.position)],
          [i18n._("Status"), vitals.status === "final" ? i18n._("Valid") : i18n._("Entered in error")],
          [i18n._("Reason"), vitals.statusReason],
          [i18n._("Note"), vitals.note],
          [i18n._("Entered by"), <WhoWhen key="by" by={vitals.recordedBy} at={vitals.recordedAt} />],
          ...vitals.moves.map(
            (move, index) =>
              [
                index === 0 ? i18n._("Moved here") : i18n._("Moved here again"),
                <span key={move.at}>
                  {i18n._("from")} <PatientIdentity patientId={move.fromPatientId} />
                  <br />
                  <WhoWhen by={move.by} at={move.at} />
                  <br />
                  {move.reason}
                </span>,
              ] as const,
          ),
        ]}
      />
      {step === "error" && (
        <ReasonForm
          place={{ form: "vitals.error", patientId: vitals.patientId, of: vitals.id }}
          question={i18n._("What was wrong with it?")}
          usual={[i18n._("Wrong patient"), i18n._("Measured wrongly"), i18n._("Typing error")]}
          label={i18n._("Mark as entered in error")}
          onCancel={() => setStep(null)}
          onSave={strike}
        />
      )}
      {step === "move" && <MoveForm vitals={vitals} onCancel={() => setStep(null)} onDone={onClose} />}
      {step === null && vitals.status === "final" && (
        <SheetActions>
          <SheetAction
            label={i18n._("Move to another patient")}
            icon={<IconArrowRight size={20} aria-hidden />}
            onClick={() => setStep("move")}
          />
          <SheetAction
            label={i18n._("Entered in error")}
            tone="danger"
            icon={<IconTrashX size={20} aria-hidden />}
            onClick={() => setStep("error")}
          />
        </SheetActions>
      )}
    </PatientSheet>
  );
}

interface MoveFormProps {
  readonly vitals: Vitals;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function MoveForm({ vitals, onCancel, onDone }: MoveFormProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const kept = useKeptForm(
    { form: "vitals.move", patientId: vitals.patientId, of: vitals.id },
    { inside: true },
  );
  const [to, setTo] = useState<Patient | null>(null);
  const [reason, setReason] = useKept(kept, "reason", "");
  const encounterId = useOpenEncounter(to?.id ?? vitals.patientId);
  const move = () =>
    saving.save(async () => {
      if (!to) return;
      await mutate("vitals.move", { id: vitals.id, patientId: to.id, encounterId, reason: reason.trim() });
      say(i18n._("Moved to {name}", { name: patientName(to) }));
      kept.end();
      onDone();
    });
  return (
    <SheetForm
      saving={saving}
      label={i18n._("Move")}
      kept={kept}
      onCancel={onCancel}
      onSave={() => void move()}
      missing={
        !to ? i18n._("Choose the right patient") : reason.trim().length < 3 ? i18n._("Give a reason") : null
      }
    >
      {to ? (
        <Picked
          title={patientName(to)}
          detail={[birthDateText(to.birthDate), to.recordNumber].filter(Boolean).join(" · ")}
          onChange={() => setTo(null)}
        />
      ) : (
        <PatientSearch label={i18n._("Taken of")} except={vitals.patientId} onPick={setTo} autoFocus />
      )}
      <TextInput
        label={i18n._("Why is it moved?")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
        {...clinicalText}
      />
    </SheetForm>
  );
}
