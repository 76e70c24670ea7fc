import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconChecklist, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import type { Task } from "#domain/task/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { useRows, useSession } from "#pwa/local/index.ts";
import { Inbox } from "#pwa/message/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./task.module.css";
import { TaskForm } from "./task-form-part.tsx";
import { TaskRow } from "./task-row.tsx";

/** What is to be done by me and my group, and what people wrote to us. */
export function TasksPage() {
  const { i18n } = useLingui();
  const may = useMay();
  if (!may("task:use")) return <DeniedPage permission="task:use" />;
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Tasks and messages")}</h1>
      </header>
      <div className={classes.columns}>
        <TaskPart />
        {may("message:send") && <Inbox />}
      </div>
      <ToastPlace />
    </>
  );
}

const byDue = (a: Task, b: Task) =>
  (a.dueOn ?? "9") < (b.dueOn ?? "9") ? -1 : (a.dueOn ?? "9") > (b.dueOn ?? "9") ? 1 : a.id < b.id ? -1 : 1;

function TaskPart() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const [adding, setAdding] = useState(false);
  const { rows, ready } = useRows("task");
  const today = dateIn(practice?.zone ?? "UTC");
  const open = rows.filter(({ status }) => status === "open").sort(byDue);
  const closed = rows
    .filter(({ status }) => status !== "open")
    .sort((a, b) => ((a.closedAt ?? "") < (b.closedAt ?? "") ? 1 : -1))
    .slice(0, 20);
  const overdue = open.filter(({ dueOn }) => dueOn !== null && dueOn < today);
  const rest = open.filter((task) => !overdue.includes(task));
  const mine = rest.filter(({ assigneeId }) => assigneeId === user?.id);
  const pool = rest.filter(({ assigneeId }) => assigneeId !== user?.id);
  return (
    <section className={classes.part} aria-labelledby="tasks-title">
      <header className={classes.partHead}>
        <h2 id="tasks-title" className={classes.partTitle}>
          {i18n._("Tasks")}
        </h2>
        <Button leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setAdding(true)}>
          {i18n._("New task")}
        </Button>
      </header>
      {!ready && rows.length === 0 && <Opening label={i18n._("Tasks are being opened")} />}
      {ready && open.length === 0 && (
        <State icon={IconChecklist} title={i18n._("Nothing to do")}>
          {i18n._("Tasks for you and your group appear here by themselves.")}
        </State>
      )}
      <Group title={i18n._("Overdue")} tasks={overdue} tone="bad" />
      <Group title={i18n._("Mine")} tasks={mine} />
      <Group title={i18n._("My group")} tasks={pool} />
      {closed.length > 0 && (
        <details className={classes.past}>
          <summary className={classes.summary}>{i18n._("Done lately")}</summary>
          <ul className={classes.list}>
            {closed.map((task) => (
              <TaskRow key={task.id} task={task} />
            ))}
          </ul>
        </details>
      )}
      {adding && <TaskForm onClose={() => setAdding(false)} />}
    </section>
  );
}

interface GroupProps {
  readonly title: string;
  readonly tasks: readonly Task[];
  readonly tone?: "bad";
}

function Group({ title, tasks, tone }: GroupProps) {
  if (tasks.length === 0) return null;
  return (
    <>
      <h3 className={classes.groupTitle} data-tone={tone}>
        {title}
      </h3>
      <ul className={classes.list}>
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} />
        ))}
      </ul>
    </>
  );
}
