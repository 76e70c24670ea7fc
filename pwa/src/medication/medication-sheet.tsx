import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconPencil, IconPlayerStop, IconRotate, IconTrashX, IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Medication, PendingChange } from "#domain/medication/index.ts";
import { Details, SheetAction, SheetActions } from "#pwa/design/details.tsx";
import { ReasonForm, ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { BackOnTheList } from "#pwa/duplicate/index.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { mutate, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import classes from "./medication.module.css";
import { MedicationForm } from "./medication-form.tsx";
import { dosageText, pendingText } from "./medication-words.ts";

interface MedicationSheetProps {
  readonly medication: Medication;
  readonly onClose: () => void;
}

/** One medication, with the changes that wait for a decision. */
export function MedicationSheet({ medication, onClose }: MedicationSheetProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const may = useMay();
  const saving = useSaving();
  const [step, setStep] = useState<"change" | "stop" | null>(null);
  const { id, patientId } = medication;
  const on = { id, patientId };
  if (step === "change")
    return <MedicationForm patientId={patientId} medication={medication} onClose={onClose} />;
  const active = medication.status === "active";
  const run = (work: () => Promise<unknown>) =>
    void saving.save(async () => {
      await work();
      onClose();
    });
  const resume = () => mutate("medication.resume", on);
  const stop = async (stopReason: string) => {
    const stoppedOn = dateIn(practice?.zone ?? "UTC");
    await mutate("medication.stop", { ...on, stoppedOn, stopReason, seen: medication.lastChange.id });
    say(i18n._("{name} stopped", { name: medication.name }), resume);
    onClose();
  };
  return (
    <PatientSheet patientId={patientId} title={medication.name} onClose={onClose}>
      <ReportedBadge verification={medication.verification} />
      {active &&
        medication.pending.map((change) => (
          <Pending key={change.id} medication={medication} change={change} />
        ))}
      <Details
        facts={[
          [i18n._("Taken"), dosageText(medication) || i18n._("Not known")],
          [i18n._("Since"), medication.startedOn ? birthDateText(medication.startedOn) : ""],
          [i18n._("Stopped"), medication.stoppedOn ? birthDateText(medication.stoppedOn) : ""],
          [i18n._("Reason"), medication.stopReason],
          [i18n._("In spite of a warning"), medication.overrideReason],
          [
            i18n._("Checked"),
            medication.drug ? "" : i18n._("Not checked against allergies: it is written in own words."),
          ],
          [i18n._("Note"), medication.note],
          [i18n._("Entered by"), <WhoWhen key="by" by={medication.recordedBy} at={medication.recordedAt} />],
          [
            i18n._("Last changed by"),
            <WhoWhen key="last" by={medication.lastChange.by} at={medication.lastChange.at} />,
          ],
        ]}
      />
      {saving.failure && <p role="alert">{saving.failure}</p>}
      {step === "stop" ? (
        <ReasonForm
          optional
          place={{ form: "medication.stop", patientId: medication.patientId, of: medication.id }}
          question={i18n._("Why is it stopped?")}
          usual={[
            i18n._("Side effect"),
            i18n._("No longer needed"),
            i18n._("Patient stopped it"),
            i18n._("Replaced by another"),
          ]}
          label={i18n._("Stop medication")}
          onCancel={() => setStep(null)}
          onSave={stop}
        />
      ) : (
        <SheetActions>
          {active && medication.verification === "reported" && (
            <SheetAction
              label={i18n._("Confirm")}
              tone="main"
              icon={<IconUserCheck size={20} aria-hidden />}
              refused={may("chart:confirm") ? null : i18n._("Only a clinician confirms what was reported.")}
              onClick={() => run(() => mutate("medication.confirm", on))}
            />
          )}
          {active && (
            <>
              <SheetAction
                label={i18n._("Change dose")}
                icon={<IconPencil size={20} aria-hidden />}
                onClick={() => setStep("change")}
              />
              <SheetAction
                label={i18n._("Stop")}
                icon={<IconPlayerStop size={20} aria-hidden />}
                onClick={() => setStep("stop")}
              />
            </>
          )}
          {medication.status === "stopped" && (
            <SheetAction
              label={i18n._("Taken again")}
              icon={<IconRotate size={20} aria-hidden />}
              onClick={() => run(resume)}
            />
          )}
          <BackOnTheList kind="medication" entry={medication} run={run} />
          {medication.status !== "entered-in-error" && (
            <SheetAction
              label={i18n._("Entered in error")}
              tone="danger"
              icon={<IconTrashX size={20} aria-hidden />}
              onClick={() => run(() => mutate("medication.enterInError", on))}
            />
          )}
        </SheetActions>
      )}
    </PatientSheet>
  );
}

interface PendingProps {
  readonly medication: Medication;
  readonly change: PendingChange;
}

/** A change that somebody decided on an older state of the entry: a clinician takes or drops it (C12). */
function Pending({ medication, change }: PendingProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const saving = useSaving();
  const { id, patientId } = medication;
  const decide = (decision: "take" | "drop") =>
    void saving.save(() => mutate("medication.decide", { id, patientId, pendingId: change.id, decision }));
  const allowed = may("chart:confirm");
  return (
    <section className={classes.pending} aria-label={i18n._("Waiting for a decision")}>
      <h3 className={classes.pendingTitle}>
        {change.change === "stop" ? i18n._("STOP pending") : i18n._("CHANGE pending")}
      </h3>
      <p className={classes.pendingWho}>
        {pendingText(i18n, change)}
        <br />
        <WhoWhen by={change.by} at={change.at} />
      </p>
      <p className={classes.pendingWho}>
        {i18n._("It was decided before the last change of this entry was seen.")}
      </p>
      {saving.failure && <p role="alert">{saving.failure}</p>}
      {allowed ? (
        <div className={classes.decide}>
          <Button loading={saving.busy} onClick={() => decide("take")}>
            {change.change === "stop" ? i18n._("Stop it") : i18n._("Take the change")}
          </Button>
          <Button variant="default" disabled={saving.busy} onClick={() => decide("drop")}>
            {i18n._("Keep as it is")}
          </Button>
        </div>
      ) : (
        <p className={classes.pendingWho}>{i18n._("A clinician decides about it.")}</p>
      )}
    </section>
  );
}
