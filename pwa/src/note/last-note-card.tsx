import { useLingui } from "@lingui/react";
import { IconNotes } from "@tabler/icons-react";
import { sectionText } from "#domain/note/index.ts";
import { Card } from "#pwa/design/card.tsx";
import { PlainListState } from "#pwa/design/plain-list-state.tsx";
import { longDateText } from "#pwa/language/language.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./note.module.css";

/** The plan of the last signed visit: what the clinician wants to see first. */
export function LastNoteCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { rows } = useRows("note", { where: { patientId, status: "signed", kind: "visit" } });
  const last = rows
    .filter(({ enteredInError }) => !enteredInError)
    .sort((a, b) => ((a.signature?.at ?? "") < (b.signature?.at ?? "") ? 1 : -1))[0];
  const name = useStaffName(last?.signature?.by ?? patientId);
  const plan = last ? sectionText(last.content.assessment_and_plan).trim() : "";
  return (
    <Card title={i18n._("Last plan")} icon={IconNotes}>
      <PlainListState
        patientId={patientId}
        count={last ? 1 : 0}
        empty={i18n._("No signed visit note yet.")}
      />
      {last?.signature && (
        <div className={classes.lastPlan}>
          <p className={classes.signature}>
            {i18n._("{date}, {name}", {
              date: longDateText(last.signature.at, practice?.zone ?? "UTC"),
              name,
            })}
          </p>
          <p className={classes.lastPlanText}>{plan || i18n._("The note has no plan.")}</p>
        </div>
      )}
    </Card>
  );
}
