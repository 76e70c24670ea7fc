import { useLingui } from "@lingui/react";
import type { Capture } from "#domain/capture/index.ts";
import { ReasonDialog } from "#pwa/design/reason-dialog.tsx";
import { say } from "#pwa/design/toast.tsx";
import { mutate } from "#pwa/local/index.ts";

interface DiscardCaptureProps {
  readonly capture: Capture;
  readonly onClose: () => void;
}

/** It goes from the tray, with a reason; the clinic keeps it, and its author is told. */
export function DiscardCapture({ capture: { id }, onClose }: DiscardCaptureProps) {
  const { i18n } = useLingui();
  return (
    <ReasonDialog
      place={{ form: "capture.discard", of: id }}
      title={i18n._("Discard this note")}
      submit={i18n._("Discard")}
      danger
      onClose={onClose}
      onReason={async (reason) => {
        await mutate("capture.discard", { id, reason });
        say(i18n._("Discarded. Its author is told."), () =>
          mutate("capture.release", { id, patientId: null, reason: i18n._("Discard taken back") }),
        );
        onClose();
      }}
    >
      <p>{i18n._("Nothing of it goes into a chart. The clinic keeps it, and the reason.")}</p>
    </ReasonDialog>
  );
}
