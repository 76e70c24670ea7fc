import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { patientName } from "#domain/patient/index.ts";
import { callBackOf } from "#domain/task/index.ts";
import { useSaving } from "#pwa/design/use-saving.ts";
import { codeText } from "#pwa/language/error-text.ts";
import { local, type OutboxItem, useOutbox, useRow, useRows } from "#pwa/local/index.ts";
import { CallBackNotice, isLostTime } from "./call-back.tsx";
import { followed } from "./take-time.ts";
import classes from "./taken.module.css";
import type { Clinic } from "./use-clinic.ts";

interface RefusedNoticesProps {
  readonly clinic: Clinic;
  readonly mayOverbook: boolean;
  readonly onMove: (appointmentId: string) => void;
}

/**
 * What the clinic refused later, with a way on for each; nothing goes until somebody decides. A lost time is a task at
 * the clinic: it stands on every desk's board, and what is decided on one of them is decided for all.
 */
export function RefusedNotices({ clinic, mayOverbook, onMove }: RefusedNoticesProps) {
  const items = useOutbox();
  const { rows: tasks } = useRows("task", { where: { status: "open" } });
  const lost = tasks.filter(isLostTime);
  const asked = new Set(lost.map(({ callBack }) => callBack.appointmentId));
  const others = items.filter(
    (item) =>
      item.status === "refused" &&
      /^(appointment|slot-lease|wait-list)\./.test(item.name) &&
      // The task is on its way; what built on the appointment is decided with it.
      callBackOf(item.detail) === null &&
      !asked.has(followed(item)),
  );
  return (
    <>
      {lost.map((task) => (
        <div key={task.id} className={classes.notice}>
          <CallBackNotice task={task} clinic={clinic} mayOverbook={mayOverbook} aloud onMove={onMove} />
        </div>
      ))}
      {others.map((item) => (
        <Refusal key={item.n} item={item} />
      ))}
    </>
  );
}

function Refusal({ item }: { readonly item: OutboxItem }) {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", item.patientId ?? "");
  const saving = useSaving();
  return (
    <section role="alert" className={`${classes.taken} ${classes.notice}`}>
      <p className={classes.title}>
        <IconAlertTriangle size={20} aria-hidden />
        <strong>
          {patient && `${patientName(patient)}: `}
          {i18n._("The clinic refused a change.")}
        </strong>
      </p>
      {saving.failure && <p>{saving.failure}</p>}
      <div className={classes.times}>
        <span>{item.code ? codeText(item.code) : ""}</span>
        <Button
          variant="default"
          loading={saving.busy}
          onClick={() => void saving.save(() => local().outbox.sendAgain(item.n))}
        >
          {i18n._("Send again")}
        </Button>
        <Button
          variant="subtle"
          disabled={saving.busy}
          onClick={() => void saving.save(() => local().outbox.dismiss(item.n))}
        >
          {i18n._("Leave it")}
        </Button>
      </div>
    </section>
  );
}
