import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import { comparedPatient } from "#domain/approval/index.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { ReasonField, requestApproval } from "#pwa/approval/index.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { say } from "#pwa/design/toast.tsx";
import { birthDateText, longDateText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import demographics from "../demographics.module.css";
import { PhoneNumber } from "../phone-number.tsx";
import { CompareRecords } from "./compare-records.tsx";
import classes from "./merge-dialog.module.css";
import { useMerged } from "./use-merged.ts";

/** The records that lead to this one, and the way to part them again. */
export function MergedRecords({ patient }: { readonly patient: Patient }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const may = useMay();
  const merged = useMerged(patient.id);
  const [parting, setParting] = useState<Patient | null>(null);
  if (merged.length === 0) return null;
  return (
    <section>
      <h2 className={demographics.section}>{i18n._("Records that lead here")}</h2>
      <ul className={classes.list}>
        {merged.map((record) => (
          <li key={record.id} className={classes.record}>
            <span>
              <strong>{patientName(record)}</strong>
              {` · ${[birthDateText(record.birthDate), record.recordNumber].filter(Boolean).join(" · ")} · `}
              {record.phone && (
                <>
                  <PhoneNumber number={record.phone} />
                  {" · "}
                </>
              )}
              {i18n._("merged on {date}", {
                date: record.mergedAt ? longDateText(record.mergedAt, practice?.zone ?? "UTC") : "",
              })}
            </span>
            {may("patient:merge") && record.mergePending === null && record.mergedInto === patient.id && (
              <Button variant="default" onClick={() => setParting(record)}>
                {i18n._("Not the same person…")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {parting && <PartDialog merged={parting} kept={patient} onClose={() => setParting(null)} />}
    </section>
  );
}

interface PartDialogProps {
  readonly merged: Patient;
  readonly kept: Patient;
  readonly onClose: () => void;
}

function PartDialog({ merged, kept, ...ends }: PartDialogProps) {
  const { i18n } = useLingui();
  const words = useKeptForm({ form: "part", patientId: merged.id, of: kept.id });
  const onClose = words.closing(ends.onClose);
  const [reason, setReason] = useKept(words, "reason", "");
  const ask = async () => {
    await requestApproval({ kind: "patient.unmerge", mergedId: merged.id, keptId: kept.id }, reason);
    say(i18n._("Asked for approval. The request says what was written since the merge."));
    onClose();
  };
  return (
    <DialogForm
      title={i18n._("Part these two records?")}
      submit={i18n._("Ask to part them")}
      wide
      kept={words}
      onClose={onClose}
      onSubmit={ask}
    >
      <CompareRecords
        left={comparedPatient(kept)}
        right={comparedPatient(merged)}
        heads={[i18n._("Keeps what came later"), i18n._("Stands for itself again")]}
      />
      <p className={classes.hint}>
        {i18n._(
          "Each record gets back what was written in it. What was written since the merge stays with the record that was kept.",
        )}
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}
