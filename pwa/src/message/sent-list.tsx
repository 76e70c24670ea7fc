import { useLingui } from "@lingui/react";
import { IconEye, IconEyeOff, IconStethoscope } from "@tabler/icons-react";
import { useId } from "react";
import type { Message } from "#domain/message/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useStaffName } from "#pwa/staff/index.ts";
import { AddressName } from "#pwa/task/index.ts";
import classes from "./message.module.css";

type Sent = Omit<Message, "id" | "replyTo"> & { readonly messageId: string };

/** Sent messages that are shown; older ones are in nobody's way. */
const MOST = 30;

/**
 * What this person sent: the copies that the clinic keeps for the sender, and before it has one, the message that waits on
 * this tablet.
 */
function useSent(): { readonly sent: readonly Sent[]; readonly ready: boolean } {
  const { user } = useSession();
  const { rows: copies, ready } = useRows("sent-message");
  const { rows: messages } = useRows("message", { where: { fromId: user?.id ?? "" } });
  const known = new Set(copies.map(({ messageId }) => messageId));
  const waiting = messages.filter(({ id }) => !known.has(id)).map((one) => ({ ...one, messageId: one.id }));
  const own = copies.filter(({ fromId }) => fromId === user?.id);
  return { sent: [...own, ...waiting].sort((a, b) => (a.sentAt < b.sentAt ? 1 : -1)), ready };
}

/** To whom, when, and whether it was read. What the reader answers or enters is not here (C19). */
export function SentList() {
  const { i18n } = useLingui();
  const id = useId();
  const { sent, ready } = useSent();
  if (!ready && sent.length === 0) return null; // the inbox above says what is missing
  return (
    <section className={classes.sent} aria-labelledby={id}>
      <h3 id={id} className={classes.sentTitle}>
        {i18n._("Sent by you")}
      </h3>
      {sent.length === 0 && <p className={classes.none}>{i18n._("Nothing sent yet.")}</p>}
      <ul className={classes.list}>
        {sent.slice(0, MOST).map((one) => (
          <SentRow key={one.messageId} sent={one} />
        ))}
      </ul>
      {sent.length > MOST && (
        <p className={classes.none}>{i18n._("The last {count} are shown.", { count: MOST })}</p>
      )}
    </section>
  );
}

function SentRow({ sent }: { readonly sent: Sent }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const reader = useStaffName(sent.readBy ?? "");
  const { row: patient } = useRow("patient", sent.patientId ?? "");
  return (
    <li className={`${classes.message} ${classes.sentRow}`}>
      <header className={classes.messageHead}>
        <strong>
          {i18n._("To")} <AddressName personId={sent.toId} pool={sent.pool} />
        </strong>
        {sent.kind === "clinical" && <StateBadge icon={IconStethoscope}>{i18n._("Clinical")}</StateBadge>}
        <RecordMark id={sent.messageId} />
        <span className={classes.time}>{dateTimeText(sent.sentAt, zone)}</span>
      </header>
      {patient && (
        <span className={classes.meta}>
          {patientName(patient)}, {birthDateText(patient.birthDate)}
        </span>
      )}
      <p className={classes.text}>{sent.text}</p>
      <footer className={classes.sentFoot}>
        {sent.readAt ? (
          <StateBadge tone="good" icon={IconEye}>
            {i18n._("Read by {name}, {time}", {
              name: reader || i18n._("a colleague"),
              time: dateTimeText(sent.readAt, zone),
            })}
          </StateBadge>
        ) : (
          <StateBadge icon={IconEyeOff}>{i18n._("Not read yet")}</StateBadge>
        )}
      </footer>
    </li>
  );
}
