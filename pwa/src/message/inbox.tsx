import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCornerUpLeft, IconMail, IconMailOpened, IconSend, IconStethoscope } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Message } from "#domain/message/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { mutate, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { AddressName } from "#pwa/task/index.ts";
import classes from "./message.module.css";
import { SentList } from "./sent-list.tsx";

const MessageForm = lazyPart(() => import("./message-form.tsx").then((module) => module.MessageForm));

/** Messages to this person and their group, unread ones first. */
export function Inbox() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const [writing, setWriting] = useState<Message | "new" | null>(null);
  const { rows, ready } = useRows("message");
  const inbox = rows
    .filter(({ fromId, toId }) => fromId !== user?.id || toId === user?.id)
    .sort((a, b) => Number(a.readAt !== null) - Number(b.readAt !== null) || (a.sentAt < b.sentAt ? 1 : -1));
  return (
    <section className={classes.part} aria-labelledby="messages-title">
      <header className={classes.partHead}>
        <h2 id="messages-title" className={classes.partTitle}>
          {i18n._("Messages")}
        </h2>
        <Button
          variant="light"
          leftSection={<IconSend size={20} aria-hidden />}
          onClick={() => setWriting("new")}
        >
          {i18n._("New message")}
        </Button>
      </header>
      {!ready && rows.length === 0 && <Opening label={i18n._("Messages are being opened")} />}
      {ready && inbox.length === 0 && (
        <State icon={IconMail} title={i18n._("No messages")}>
          {i18n._("What is sent to you or your group appears here by itself.")}
        </State>
      )}
      <ul className={classes.list}>
        {inbox.map((message) => (
          <MessageRow key={message.id} message={message} onReply={() => setWriting(message)} />
        ))}
      </ul>
      <SentList />
      {writing !== null && (
        <MessageForm {...(writing === "new" ? {} : { replyTo: writing })} onClose={() => setWriting(null)} />
      )}
    </section>
  );
}

interface MessageRowProps {
  readonly message: Message;
  readonly onReply: () => void;
}

function MessageRow({ message, onReply }: MessageRowProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const may = useMay();
  const [failure, setFailure] = useState<string | null>(null);
  const from = useStaffName(message.fromId);
  const reader = useStaffName(message.readBy ?? "");
  const { row: patient } = useRow("patient", message.patientId ?? "");
  const { row: original } = useRow("message", message.replyTo ?? "");
  const read = () =>
    void mutate("message.markRead", { id: message.id }).catch((error: unknown) =>
      setFailure(errorText(error)),
    );
  return (
    <li className={classes.message} data-unread={message.readAt === null}>
      <header className={classes.messageHead}>
        <strong>{from}</strong>
        <span className={classes.meta}>
          {i18n._("to")} <AddressName personId={message.toId} pool={message.pool} />
        </span>
        {message.kind === "clinical" && <StateBadge icon={IconStethoscope}>{i18n._("Clinical")}</StateBadge>}
        <RecordMark id={message.id} />
        <span className={classes.time}>{dateTimeText(message.sentAt, practice?.zone ?? "UTC")}</span>
      </header>
      {patient &&
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
          <span className={classes.meta}>
            {patientName(patient)}, {birthDateText(patient.birthDate)}
          </span>
        ))}
      {original && <blockquote className={classes.quote}>{original.text}</blockquote>}
      <p className={classes.text}>{message.text}</p>
      {failure && <p role="alert">{failure}</p>}
      <footer className={classes.actions}>
        <Button
          variant="subtle"
          h={44}
          leftSection={<IconCornerUpLeft size={20} aria-hidden />}
          onClick={onReply}
        >
          {i18n._("Reply")}
        </Button>
        {message.readAt === null ? (
          <Button
            variant="subtle"
            h={44}
            leftSection={<IconMailOpened size={20} aria-hidden />}
            onClick={read}
          >
            {i18n._("Mark as read")}
          </Button>
        ) : (
          <span className={classes.meta}>{reader && i18n._("Read by {name}", { name: reader })}</span>
        )}
      </footer>
    </li>
  );
}
