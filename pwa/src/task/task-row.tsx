import { useLingui } from "@lingui/react";
import { IconArrowsExchange, IconCheck, IconStethoscope, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import type { Task } from "#domain/task/index.ts";
import { isLostTime } from "#pwa/appointment/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { mutate, useRow, useSession } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { AddressName } from "./addressee.tsx";
import { CallBackRow } from "./call-back-row.tsx";
import classes from "./task.module.css";
import { HandOverForm } from "./task-form-part.tsx";

interface TaskRowProps {
  readonly task: Task;
  readonly withPatient?: boolean;
}

export function TaskRow(props: TaskRowProps) {
  const { task } = props;
  return task.status === "open" && isLostTime(task) ? <CallBackRow task={task} /> : <PlainRow {...props} />;
}

/** One tap does it, one takes it back. */
function PlainRow({ task, withPatient = true }: TaskRowProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const may = useMay();
  const [failure, setFailure] = useState<string | null>(null);
  const [handing, setHanding] = useState(false);
  const { row: patient } = useRow("patient", task.patientId ?? "");
  const today = dateIn(practice?.zone ?? "UTC");
  const open = task.status === "open";
  const overdue = open && task.dueOn !== null && task.dueOn < today;
  const run = (work: Promise<unknown>) =>
    void work.then(
      () => setFailure(null),
      (error: unknown) => setFailure(errorText(error)),
    );
  const { id } = task;
  // The clinic has no language of its own.
  const title = task.callBack ? i18n._("Call back about a lost time") : task.title;
  const toggle = async () => {
    if (!open) return mutate("task.reopen", { id });
    await mutate("task.complete", { id });
    say(i18n._("Task done"), () => mutate("task.reopen", { id }));
  };
  return (
    <li className={classes.task} data-done={!open}>
      <button
        type="button"
        className={classes.check}
        aria-pressed={!open}
        aria-label={open ? i18n._("Done: {title}", { title }) : i18n._("Take back: {title}", { title })}
        onClick={() => run(toggle())}
      >
        <span className={classes.tick}>{!open && <IconCheck size={18} stroke={3} aria-hidden />}</span>
      </button>
      <div className={classes.words}>
        <span className={classes.taskTitle}>{title}</span>
        {task.details && <span className={classes.details}>{task.details}</span>}
        <span className={classes.meta}>
          {withPatient &&
            patient &&
            (may("chart:open") ? (
              <Link
                to="/patients/$patientId/chart"
                params={{ patientId: patient.id }}
                search={{ view: "summary" }}
                className={classes.patient}
              >
                {patientName(patient)}, {birthDateText(patient.birthDate)}
              </Link>
            ) : (
              <span>
                {patientName(patient)}, {birthDateText(patient.birthDate)}
              </span>
            ))}
          <span>
            <AddressName personId={task.assigneeId} pool={task.pool} />
          </span>
          {task.status === "cancelled" && <span>{i18n._("cancelled")}</span>}
        </span>
        {failure && <span role="alert">{failure}</span>}
      </div>
      <div className={classes.end}>
        {task.kind === "clinical" && <StateBadge icon={IconStethoscope}>{i18n._("Clinical")}</StateBadge>}
        {task.dueOn && (
          <StateBadge tone={overdue ? "bad" : "plain"}>
            {overdue
              ? i18n._("Overdue since {date}", { date: birthDateText(task.dueOn) })
              : task.dueOn === today
                ? i18n._("Today")
                : birthDateText(task.dueOn)}
          </StateBadge>
        )}
        <RecordMark id={id} />
        {open && (
          <>
            <button
              type="button"
              className={classes.tool}
              aria-label={i18n._("Hand over: {title}", { title })}
              onClick={() => setHanding(true)}
            >
              <IconArrowsExchange size={20} aria-hidden />
            </button>
            <button
              type="button"
              className={classes.tool}
              aria-label={i18n._("Cancel: {title}", { title })}
              onClick={() =>
                run(
                  mutate("task.cancel", { id }).then(() =>
                    say(i18n._("Task cancelled"), () => mutate("task.reopen", { id })),
                  ),
                )
              }
            >
              <IconX size={20} aria-hidden />
            </button>
          </>
        )}
      </div>
      {handing && <HandOverForm task={task} onClose={() => setHanding(false)} />}
    </li>
  );
}
