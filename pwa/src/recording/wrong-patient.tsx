import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useState } from "react";
import type { Recording } from "#domain/recording/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import classes from "./recorder.module.css";

const MoveSheet = lazyPart(() => import("./move-sheet.tsx").then((module) => module.MoveSheet));

interface WrongPatientProps {
  /** The recording to move; null while it is still being made. */
  readonly recording: Recording | null;
  readonly signed?: boolean;
}

/** The way out of a recording that was made on the wrong patient (C05). */
export function WrongPatient({ recording, signed = false }: WrongPatientProps) {
  const { i18n } = useLingui();
  const [open, setOpen] = useState(false);
  const ready = recording !== null && recording.status !== "recording";
  return (
    <>
      <Button
        variant="subtle"
        h={44}
        leftSection={<IconUserQuestion size={20} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        style={{ alignSelf: "flex-start" }}
      >
        {i18n._("Wrong patient?")}
      </Button>
      {open && !ready && (
        <p className={classes.words} role="status">
          {recording
            ? i18n._("This recording is not finished yet. Once it is, it can be moved to the right visit.")
            : i18n._("Stop the recording first. Then it can be moved to the right visit.")}
        </p>
      )}
      {open && ready && <MoveSheet recording={recording} signed={signed} onClose={() => setOpen(false)} />}
    </>
  );
}
