import { useLingui } from "@lingui/react";
import { IconChecklist } from "@tabler/icons-react";
import { useState } from "react";
import { Card } from "#pwa/design/card.tsx";
import { useRows } from "#pwa/local/index.ts";
import classes from "./task.module.css";
import { TaskForm } from "./task-form-part.tsx";
import { TaskRow } from "./task-row.tsx";

/** Open tasks about this patient, as far as they are the person's own or their pool's. */
export function PatientTasksCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const [adding, setAdding] = useState(false);
  const { rows, ready } = useRows("task", { where: { patientId, status: "open" }, sort: "dueOn" });
  return (
    <Card
      title={i18n._("Tasks")}
      icon={IconChecklist}
      count={rows.length}
      add={{ label: i18n._("Add task"), onClick: () => setAdding(true) }}
    >
      {rows.length === 0 ? (
        <p style={{ margin: "0 1rem 0.75rem", color: "var(--ink-soft)" }}>
          {ready
            ? i18n._("No open task of yours or your group about this patient.")
            : i18n._("Not on this tablet yet")}
        </p>
      ) : (
        <ul className={classes.list} style={{ padding: "0 0.6rem 0.4rem" }}>
          {rows.map((task) => (
            <TaskRow key={task.id} task={task} withPatient={false} />
          ))}
        </ul>
      )}
      {adding && <TaskForm patientId={patientId} onClose={() => setAdding(false)} />}
    </Card>
  );
}
