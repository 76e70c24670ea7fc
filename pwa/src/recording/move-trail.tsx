import { useLingui } from "@lingui/react";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import type { Recording } from "#domain/recording/index.ts";
import { PatientIdentity } from "#pwa/patient/index.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import classes from "./recorder.module.css";
import { useLeftRecordings } from "./use-left-recordings.ts";

/** Where a recording of this visit came from: every move of it, the last one first (C05). */
export function MovedHere({ recording }: { readonly recording: Recording }) {
  const { i18n } = useLingui();
  if (recording.moves.length === 0) return null;
  return (
    <ul className={classes.trail}>
      {recording.moves.toReversed().map((move) => (
        <li key={move.at} className={classes.trailLine}>
          <IconArrowLeft size={18} aria-hidden />
          <span>
            {move.toEncounterId === recording.encounterId ? (
              <>
                {i18n._("Moved here from")} <PatientIdentity patientId={move.fromPatientId} />
              </>
            ) : (
              <>
                {i18n._("Moved away to")} <PatientIdentity patientId={move.toPatientId} />
              </>
            )}
            <br />
            <WhoWhen by={move.by} at={move.at} />: {move.reason}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Recordings that were made here and belong to somebody else: only that they went, where to, by whom and when. */
export function MovedAway({ encounterId }: { readonly encounterId: string }) {
  const { i18n } = useLingui();
  const left = useLeftRecordings(encounterId);
  if (left.length === 0) return null;
  return (
    <ul className={classes.trail} aria-label={i18n._("Recordings that were moved")}>
      {left.map((recording) => {
        const move = recording.moves.findLast((one) => one.fromEncounterId === encounterId)!;
        return (
          <li key={recording.id} className={classes.trailLine}>
            <IconArrowRight size={18} aria-hidden />
            <span>
              {i18n._("Recording moved to")} <PatientIdentity patientId={move.toPatientId} />
              <br />
              <WhoWhen by={move.by} at={move.at} />: {move.reason}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
