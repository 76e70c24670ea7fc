import { useLingui } from "@lingui/react";
import { IconCheck, IconPencil, IconRotate, IconTrashX, IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Problem } from "#domain/problem/index.ts";
import { Details, SheetAction, SheetActions } from "#pwa/design/details.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { BackOnTheList } from "#pwa/duplicate/index.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { mutate, useSession } from "#pwa/local/index.ts";
import { PatientSheet } from "#pwa/patient/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { ProblemForm } from "./problem-form.tsx";

interface ProblemSheetProps {
  readonly problem: Problem;
  readonly onClose: () => void;
}

/** One problem: what is known of it, and what can be done. */
export function ProblemSheet({ problem, onClose }: ProblemSheetProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const may = useMay();
  const saving = useSaving();
  const [correcting, setCorrecting] = useState(false);
  const { id, patientId } = problem;
  if (correcting) return <ProblemForm patientId={patientId} problem={problem} onClose={onClose} />;
  const on = { id, patientId };
  const run = (work: () => Promise<unknown>) =>
    void saving.save(async () => {
      await work();
      onClose();
    });
  const resolve = async () => {
    await mutate("problem.resolve", { ...on, resolvedOn: dateIn(practice?.zone ?? "UTC") });
    say(i18n._("{title} resolved", { title: problem.title }), () => mutate("problem.reopen", on));
  };
  const active = problem.status === "active";
  const clinicianOnly = may("chart:confirm") ? null : i18n._("Only a clinician confirms what was reported.");
  return (
    <PatientSheet patientId={patientId} title={problem.title} onClose={onClose}>
      <ReportedBadge verification={problem.verification} />
      <Details
        facts={[
          [i18n._("Code"), problem.code ?? i18n._("None, in own words")],
          [i18n._("Since"), problem.onset ? birthDateText(problem.onset) : i18n._("Not known")],
          [i18n._("Resolved"), problem.resolvedOn ? birthDateText(problem.resolvedOn) : ""],
          [i18n._("Note"), problem.note],
          [i18n._("Entered by"), <WhoWhen key="by" by={problem.recordedBy} at={problem.recordedAt} />],
          [
            i18n._("Last changed by"),
            <WhoWhen key="last" by={problem.lastChange.by} at={problem.lastChange.at} />,
          ],
        ]}
      />
      {saving.failure && <p role="alert">{saving.failure}</p>}
      <SheetActions>
        {active && problem.verification === "reported" && (
          <SheetAction
            label={i18n._("Confirm")}
            tone="main"
            icon={<IconUserCheck size={20} aria-hidden />}
            refused={clinicianOnly}
            onClick={() => run(() => mutate("problem.confirm", on))}
          />
        )}
        {active && (
          <>
            <SheetAction
              label={i18n._("Resolve")}
              icon={<IconCheck size={20} aria-hidden />}
              onClick={() => run(resolve)}
            />
            <SheetAction
              label={i18n._("Correct")}
              icon={<IconPencil size={20} aria-hidden />}
              onClick={() => setCorrecting(true)}
            />
          </>
        )}
        {problem.status === "resolved" && (
          <SheetAction
            label={i18n._("Reopen")}
            icon={<IconRotate size={20} aria-hidden />}
            onClick={() => run(() => mutate("problem.reopen", on))}
          />
        )}
        <BackOnTheList kind="problem" entry={problem} run={run} />
        {problem.status !== "entered-in-error" && (
          <SheetAction
            label={i18n._("Entered in error")}
            tone="danger"
            icon={<IconTrashX size={20} aria-hidden />}
            onClick={() => run(() => mutate("problem.enterInError", on))}
          />
        )}
      </SheetActions>
    </PatientSheet>
  );
}
