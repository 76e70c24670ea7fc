import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import { IconArrowRight, IconDeviceTablet, IconLock, IconPencil } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { Appointment } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { patientName } from "#domain/patient/index.ts";
import type { Recording } from "#domain/recording/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { startVisit } from "#pwa/encounter/index.ts";
import { mutate, useAudioPlace, useRow, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./move-sheet.module.css";
import { RightVisit } from "./right-visit.tsx";

interface MoveSheetProps {
  readonly recording: Recording;
  /** The note of the visit it leaves is signed: its words stay. */
  readonly signed: boolean;
  readonly onClose: () => void;
}

/** Recorded on the wrong patient: the right visit is chosen, and what goes with it is said before it goes (C05). */
export function MoveSheet({ recording, signed, onClose }: MoveSheetProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const recordedBy = useStaffName(recording.clinicianId);
  return (
    <PatientSheet
      patientId={recording.patientId}
      title={i18n._("Wrong patient? Move the recording")}
      onClose={onClose}
      wide
    >
      {recording.clinicianId === user?.id ? (
        <MoveForm recording={recording} signed={signed} onClose={onClose} />
      ) : (
        <>
          <p className={classes.words}>
            {i18n._("Only {name}, who made this recording, can move it.", {
              name: recordedBy || i18n._("the person"),
            })}
          </p>
          <Button mt="md" variant="default" onClick={onClose} style={{ alignSelf: "flex-start" }}>
            {i18n._("Close")}
          </Button>
        </>
      )}
    </PatientSheet>
  );
}

function MoveForm({ recording, signed, onClose }: MoveSheetProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const saving = useSaving();
  const [to, setTo] = useState<Appointment | null>(null);
  const kept = useKeptForm(
    { form: "recording.move", patientId: recording.patientId, of: recording.id },
    { inside: true },
  );
  const [reason, setReason] = useKept(kept, "reason", i18n._("The wrong visit was open"));
  const encounterId = to ? encounterIdOf(to.id) : "";
  const { row: started } = useRow("encounter", encounterId);
  const { row: patient } = useRow("patient", to?.patientId ?? "");
  const move = async () => {
    if (!to) return;
    const zone = practice?.zone ?? "UTC";
    if (!started) await startVisit({ appointment: to, zone, started: false, by: "recording" });
    const { id, encounterId: from, patientId } = recording;
    await mutate("recording.move", { id, encounterId, patientId: to.patientId, reason: reason.trim() });
    const done = patient
      ? i18n._("Recording moved to {name}", { name: patientName(patient) })
      : i18n._("Recording moved");
    say(done, () =>
      mutate("recording.move", { id, encounterId: from, patientId, reason: i18n._("Move taken back") }),
    );
    kept.end();
    onClose();
  };
  return (
    <SheetForm
      saving={saving}
      label={i18n._("Move recording")}
      kept={kept}
      onCancel={onClose}
      onSave={() => void saving.save(move)}
      missing={
        !to
          ? i18n._("Choose the right patient's visit")
          : reason.trim().length < 3
            ? i18n._("Give a reason")
            : null
      }
    >
      <RightVisit except={recording.encounterId} value={to} onChange={setTo} />
      <Effects recording={recording} signed={signed} />
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

/** What goes and what stays, before anything happens. */
function Effects({ recording, signed }: Pick<MoveSheetProps, "recording" | "signed">) {
  const { i18n } = useLingui();
  const place = useAudioPlace(recording.id);
  const waits = place === "on-this-tablet" || place === "sending";
  return (
    <ul className={classes.effects}>
      <Effect icon={<IconArrowRight size={20} aria-hidden />}>
        <strong>{i18n._("Moves:")}</strong>{" "}
        {signed
          ? i18n._("the sound, its transcript and the proposals for the note.")
          : i18n._(
              "the sound, its transcript and the proposals for the note. Sentences that were drafted from it leave this note.",
            )}
      </Effect>
      <Effect icon={<IconPencil size={20} aria-hidden />}>
        <strong>{i18n._("Stays:")}</strong> {i18n._("every word that was typed here.")}
      </Effect>
      {signed && (
        <Effect icon={<IconLock size={20} aria-hidden />}>
          {i18n._("The note here is signed and stays as it is. If it is wrong, mark it as entered in error.")}
        </Effect>
      )}
      {waits && (
        <Effect icon={<IconDeviceTablet size={20} aria-hidden />}>
          {i18n._("The sound is still on this tablet. It goes to the right visit from here.")}
        </Effect>
      )}
    </ul>
  );
}

const Effect = ({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) => (
  <li className={classes.effect}>
    {icon}
    <span>{children}</span>
  </li>
);
