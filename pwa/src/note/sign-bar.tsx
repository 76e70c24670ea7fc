import { useLingui } from "@lingui/react";
import { Alert, Button, Group, Modal } from "@mantine/core";
import { IconSignature } from "@tabler/icons-react";
import { useState } from "react";
import { can } from "#domain/access/can.ts";
import { noteSections, sectionText } from "#domain/note/index.ts";
import { hasBlank, unaccepted } from "#domain/note/note-templates.ts";
import { patientName } from "#domain/patient/index.ts";
import { ClockNotice } from "#pwa/design/clock-notice.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { useRecorder, useRow, useSession } from "#pwa/local/index.ts";
import { RunningVisitLink } from "#pwa/recording/index.ts";
import classes from "./note.module.css";
import { sectionName } from "./section-names.ts";
import type { NoteDraft } from "./use-note-draft.ts";

interface SignBarProps {
  readonly draft: NoteDraft;
  readonly encounterId: string;
  readonly patientId: string;
  readonly onSigned: () => Promise<void>;
}

/** Two taps to sign: the second one stands beside what it seals. */
export function SignBar({ draft, encounterId, patientId, onSigned }: SignBarProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const recorder = useRecorder();
  const { row: patient } = useRow("patient", patientId);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const allowed =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "note:sign").allowed;
  if (!allowed) return null;
  const written = noteSections.filter((section) => sectionText(draft.content[section]).trim() !== "");
  const open = noteSections.filter(
    (section) => unaccepted(draft.content[section]).length > 0 || hasBlank(draft.content[section]),
  );
  const recording = recorder.state !== "idle";
  const here = recorder.encounterId === encounterId;

  const sign = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await draft.sign();
      await onSigned();
      setAsking(false);
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <footer className={classes.signBar}>
      {recording && (
        <span className={classes.signBarWords}>
          {here ? (
            i18n._("Stop the recording before signing.")
          ) : (
            <>
              {i18n._("Another visit is being recorded:")} <RunningVisitLink />{" "}
              {i18n._("Stop that recording before signing.")}
            </>
          )}
        </span>
      )}
      {!recording && open.length > 0 && (
        <span className={classes.signBarWords}>
          {i18n._(
            "Before signing, accept or remove what came from a template and fill in its blanks: {sections}.",
            {
              sections: open.map((section) => sectionName(i18n, section)).join(", "),
            },
          )}
        </span>
      )}
      <Button
        size="lg"
        leftSection={<IconSignature size={24} aria-hidden />}
        disabled={written.length === 0 || recording || open.length > 0}
        onClick={() => setAsking(true)}
      >
        {i18n._("Review and sign")}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={i18n._("Sign this note?")}
        closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
        size="lg"
        centered
        transitionProps={{ duration: 0 }}
      >
        <ClockNotice />
        {patient && (
          <p className={classes.whose}>
            <strong>{patientName(patient)}</strong>
            <span>{i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) })}</span>
            <span>{patient.recordNumber}</span>
          </p>
        )}
        <p className={classes.signature}>
          {i18n._("It is sealed exactly as shown here and cannot be changed afterwards.")}
        </p>
        {written.map((section) => (
          <section key={section}>
            <h3 className={classes.sectionName}>{sectionName(i18n, section)}</h3>
            <p className={classes.sealedText}>{sectionText(draft.content[section])}</p>
          </section>
        ))}
        {failure && (
          <Alert color="red" variant="light" role="alert">
            {failure}
          </Alert>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            {i18n._("Go back")}
          </Button>
          <Button loading={busy} leftSection={<IconSignature size={20} aria-hidden />} onClick={sign}>
            {i18n._("Sign")}
          </Button>
        </Group>
      </Modal>
    </footer>
  );
}
