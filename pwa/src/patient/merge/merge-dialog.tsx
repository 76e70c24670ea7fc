import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { comparedPatient } from "#domain/approval/index.ts";
import type { Patient } from "#domain/patient/index.ts";
import { ReasonField, requestApproval } from "#pwa/approval/index.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useRow } from "#pwa/local/index.ts";
import { PatientFinder } from "../finder/patient-finder.tsx";
import { CompareRecords } from "./compare-records.tsx";
import classes from "./merge-dialog.module.css";

interface MergeDialogProps {
  readonly patient: Patient;
  readonly onClose: () => void;
}

/** "Same person as…": finds the other record, shows both, and asks a second person to merge them (C07). */
export function MergeDialog({ patient, ...ends }: MergeDialogProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "merge", patientId: patient.id });
  const onClose = kept.closing(ends.onClose);
  const [otherId, setOtherId] = useKept<string | null>(kept, "otherId", null);
  const { row: other } = useRow("patient", otherId ?? "");
  const [keptId, setKeptId] = useKept(kept, "keptId", patient.id);
  const [reason, setReason] = useKept(kept, "reason", "");
  const ask = async () => {
    if (!other) return;
    const mergedId = keptId === patient.id ? other.id : patient.id;
    await requestApproval({ kind: "patient.merge", mergedId, keptId }, reason);
    say(i18n._("Asked for approval. Both records warn until it is decided."));
    onClose();
  };
  return (
    <DialogForm
      title={i18n._("Same person as…")}
      submit={i18n._("Ask for the merge")}
      disabled={!other}
      wide
      kept={kept}
      onClose={onClose}
      onSubmit={ask}
    >
      {other ? (
        <>
          <CompareRecords
            left={comparedPatient(patient)}
            right={comparedPatient(other)}
            heads={
              [patient, other].map((one) => (
                <label key={one.id} className={classes.keep}>
                  <input
                    type="radio"
                    name="kept"
                    checked={keptId === one.id}
                    onChange={() => setKeptId(one.id)}
                  />
                  {keptId === one.id ? (
                    <IconCircleCheckFilled size={22} aria-hidden />
                  ) : (
                    <IconCircle size={22} aria-hidden />
                  )}
                  {keptId === one.id ? i18n._("This one stays") : i18n._("Keep this one")}
                </label>
              )) as [React.ReactNode, React.ReactNode]
            }
          />
          {Boolean(patient.deceasedOn) !== Boolean(other.deceasedOn) && (
            <p role="alert" className={classes.warning}>
              {i18n._("One record says that this person has died, the other does not.")}
            </p>
          )}
          <p className={classes.hint}>
            {i18n._(
              "The record that stays keeps its name, birth date and phone. The other one leads to it, and nothing in either is rewritten. It can be undone the same way.",
            )}
          </p>
          <ReasonField value={reason} onChange={setReason} />
          <Button variant="subtle" className={classes.again} onClick={() => setOtherId(null)}>
            {i18n._("Choose another record")}
          </Button>
        </>
      ) : (
        <div className={classes.find}>
          <p className={classes.hint}>
            {i18n._("Find the other record of {name}.", { name: comparedPatient(patient).name })}
          </p>
          <PatientFinder
            label={i18n._("Find the other record")}
            hideLabel
            autoFocus
            except={patient.id}
            onPick={({ id }) => setOtherId(id)}
          />
        </div>
      )}
    </DialogForm>
  );
}
