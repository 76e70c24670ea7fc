import { useLingui } from "@lingui/react";
import type { Speaker } from "#domain/ai/job.ts";
import classes from "./transcript.module.css";

/** Who spoke, as far as the voices could be told apart. */
export function SpeakerName({ speaker }: { readonly speaker: Speaker }) {
  const { i18n } = useLingui();
  const names: Record<Speaker, string> = {
    clinician: i18n._("Clinician"),
    patient: i18n._("Patient"),
    other: i18n._("Somebody else"),
    unknown: i18n._("Speaker"),
  };
  return (
    <span className={classes.speaker} data-speaker={speaker}>
      {names[speaker]}
    </span>
  );
}
