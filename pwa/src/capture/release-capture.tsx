import { useLingui } from "@lingui/react";
import type { Capture } from "#domain/capture/index.ts";
import { noteIdOf } from "#domain/note/index.ts";
import { ReasonDialog } from "#pwa/design/reason-dialog.tsx";
import { mutate, useRow } from "#pwa/local/index.ts";
import { sectionsWith } from "#pwa/note/index.ts";

interface ReleaseCaptureProps {
  readonly capture: Capture;
  readonly onClose: () => void;
}

/** It stands in the wrong chart (C05): it goes back to what is unassigned, with a reason. */
export function ReleaseCapture({ capture, onClose }: ReleaseCaptureProps) {
  const { i18n } = useLingui();
  const { id, patientId, encounterId } = capture;
  const { row: note } = useRow("note", encounterId ? noteIdOf(encounterId) : "");
  const inNote = note && sectionsWith(note.content, id).length > 0;
  return (
    <ReasonDialog
      place={{ form: "capture.release", patientId: patientId ?? undefined, of: id }}
      title={i18n._("Wrong patient?")}
      submit={i18n._("Take out of this chart")}
      onClose={onClose}
      onReason={async (reason) => {
        await mutate("capture.release", { id, patientId, reason });
        onClose();
      }}
    >
      <p>{i18n._("It is unassigned again, under Review, until somebody says whose it is.")}</p>
      {inNote && (
        <p>
          {note.status === "draft"
            ? i18n._("Its words go from the draft too, or whoever writes that note is asked about them.")
            : i18n._(
                "Its words stay in the signed note. Say in an addendum that they are wrong, or mark that note as entered in error.",
              )}
        </p>
      )}
    </ReasonDialog>
  );
}
