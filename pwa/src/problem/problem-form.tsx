import { useLingui } from "@lingui/react";
import { Textarea, TextInput } from "@mantine/core";
import { type ProblemCode, searchProblems } from "#domain/code-set/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Problem } from "#domain/problem/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Picked } from "#pwa/design/picked.tsx";
import { SearchField } from "#pwa/design/search-field.tsx";
import { SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useOpenEncounter } from "#pwa/encounter/index.ts";
import { mutate, useRows, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";

interface ProblemFormProps {
  readonly patientId: string;
  /** The entry that is corrected; absent for a new one. */
  readonly problem?: Problem;
  readonly onClose: () => void;
}

/** A problem by lay words or code, or in one's own words. */
export function ProblemForm({ patientId, problem, onClose }: ProblemFormProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const saving = useSaving();
  const encounterId = useOpenEncounter(patientId);
  const { rows: present } = useRows("problem", { where: { patientId, status: "active" } });
  const kept = useKeptForm({ form: "problem", patientId, of: problem?.id });
  const close = kept.closing(onClose);
  const [picked, setPicked] = useKept<Pick<Problem, "title" | "code"> | null>(
    kept,
    "picked",
    problem ?? null,
  );
  const [onset, setOnset] = useKept(kept, "onset", problem?.onset ?? "");
  const [note, setNote] = useKept(kept, "note", problem?.note ?? "");
  const today = dateIn(practice?.zone ?? "UTC");
  const twice =
    picked &&
    present.find(
      (one) => one.id !== problem?.id && (one.code ? one.code === picked.code : one.title === picked.title),
    );
  const save = () =>
    saving.save(async () => {
      if (!picked) return;
      const words = { title: picked.title, code: picked.code, onset: onset || null, note: note.trim() };
      if (problem)
        await mutate("problem.correct", {
          id: problem.id,
          patientId,
          seen: problem.lastChange.id,
          ...words,
        });
      else {
        const id = newId();
        await mutate("problem.add", { id, patientId, encounterId, ...words });
        say(i18n._("{title} added", { title: picked.title }), () =>
          mutate("problem.enterInError", { id, patientId }),
        );
      }
      close();
    });
  return (
    <PatientSheet
      patientId={patientId}
      title={problem ? i18n._("Correct problem") : i18n._("Add problem")}
      onClose={close}
    >
      <SheetForm
        saving={saving}
        label={problem ? i18n._("Save correction") : i18n._("Add problem")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={picked ? null : i18n._("Choose a problem first")}
      >
        {picked ? (
          <Picked
            title={picked.title}
            detail={picked.code ?? i18n._("In your own words, without a code")}
            onChange={() => setPicked(null)}
          />
        ) : (
          <SearchField<ProblemCode>
            kept={kept}
            label={i18n._("Problem")}
            placeholder={i18n._("high blood pressure, E11, chest pain …")}
            search={(text) => searchProblems(text, 7)}
            describe={({ code, title }) => ({ key: code, title, detail: code })}
            onPick={({ code, title }) => setPicked({ code, title: title.slice(0, 200) })}
            onWords={(title) => setPicked({ code: null, title: title.slice(0, 200) })}
            autoFocus
          />
        )}
        {twice && (
          <p role="alert" style={{ margin: 0, color: "var(--warn)", fontWeight: 600 }}>
            {i18n._("This problem is on the list already.")}
          </p>
        )}
        {picked && (
          <>
            <TextInput
              type="date"
              label={i18n._("Since (if known)")}
              max={today}
              value={onset}
              onChange={(event) => setOnset(event.currentTarget.value)}
            />
            <Textarea
              label={i18n._("Note")}
              size="md"
              rows={3}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              {...clinicalText}
            />
          </>
        )}
      </SheetForm>
    </PatientSheet>
  );
}
