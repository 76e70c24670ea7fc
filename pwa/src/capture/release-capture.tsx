import { useLingui } from "@lingui/react";
import type { Capture } from "#domain/capture/index.ts";
import { ReasonDialog } from "#pwa/design/reason-dialog.tsx";
import { mutate } from "#pwa/local/index.ts";

interface ReleaseCaptureProps {
  readonly capture: Capture;
  readonly onClose: () => void;
}

/** It stands in the wrong chart (C05): it goes back to what is unassigned, with a reason. */
export function ReleaseCapture({ capture: { id, patientId }, onClose }: ReleaseCaptureProps) {
  const { i18n } = useLingui();
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
    </ReasonDialog>
  );
}
