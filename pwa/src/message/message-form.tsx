import { useLingui } from "@lingui/react";
import { Textarea } from "@mantine/core";
import { newId } from "#domain/kernel/id.ts";
import type { Message } from "#domain/message/index.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { Sheet, SheetForm } from "#pwa/design/side-sheet.tsx";
import { say } from "#pwa/design/toast.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { mutate, useRow, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { AboutPatient, type Address, Addressee } from "#pwa/task/index.ts";
import classes from "./message.module.css";

interface MessageFormProps {
  readonly replyTo?: Message;
  readonly onClose: () => void;
}

/** Words to a person or a group. An answer to the desk is administrative: the desk never reads a clinical word (C19). */
export function MessageForm({ replyTo, onClose }: MessageFormProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const may = useMay();
  const saving = useSaving();
  const desk = user?.role === "front-desk";
  const clinical = may("chart:read");
  const { row: sender } = useRow("staff", replyTo?.fromId ?? "");
  const toDesk =
    sender !== undefined && !sender.roles.some((role) => role === "clinician" || role === "nurse");
  const kept = useKeptForm({ form: "message", of: replyTo?.id });
  const close = kept.closing(onClose);
  const [kind, setKind] = useKept<Message["kind"]>(
    kept,
    "kind",
    replyTo?.kind ?? (clinical ? "clinical" : "administrative"),
  );
  const [text, setText] = useKept(kept, "text", "");
  const [about, setAbout] = useKept<string | null>(kept, "about", replyTo?.patientId ?? null);
  const [address, setAddress] = useKept<Address | null>(
    kept,
    "address",
    replyTo ? { personId: replyTo.fromId, pool: null } : desk ? { personId: null, pool: "nurses" } : null,
  );
  const missing =
    text.trim() === ""
      ? i18n._("Write something first")
      : !address?.personId && !address?.pool
        ? i18n._("Choose who it is for")
        : null;
  const save = () =>
    saving.save(async () => {
      if (!address) return;
      await mutate("message.send", {
        id: newId(),
        kind,
        toId: address.personId,
        pool: address.pool,
        text: text.trim(),
        patientId: about,
        replyTo: replyTo?.id ?? null,
      });
      if (replyTo && replyTo.readAt === null) await mutate("message.markRead", { id: replyTo.id });
      say(i18n._("Message sent"));
      close();
    });
  return (
    <Sheet title={replyTo ? i18n._("Reply") : i18n._("New message")} onClose={close}>
      <SheetForm
        saving={saving}
        label={i18n._("Send")}
        kept={kept}
        onCancel={close}
        onSave={() => void save()}
        missing={missing}
      >
        {replyTo && <blockquote className={classes.quote}>{replyTo.text}</blockquote>}
        {clinical && !toDesk && (
          <Choices
            label={i18n._("Kind")}
            hint={i18n._("The front desk never reads a clinical message.")}
            options={[
              { value: "clinical" as const, label: i18n._("Clinical") },
              { value: "administrative" as const, label: i18n._("Administrative") },
            ]}
            value={[kind]}
            onChange={([value]) => {
              setKind(value ?? "clinical");
              if (!replyTo) setAddress(null);
            }}
          />
        )}
        {toDesk && clinical && (
          <p style={{ margin: 0, fontWeight: 600 }}>
            {i18n._("This goes to the front desk: administrative words only.")}
          </p>
        )}
        {desk && (
          <p style={{ margin: 0 }}>
            {i18n._("Nursing reads it. Write what the patient asks for, nothing clinical.")}
          </p>
        )}
        {!replyTo && (
          <Addressee
            key={kind}
            label={i18n._("To")}
            kind={kind}
            value={address}
            onChange={setAddress}
            nursingOnly={desk}
          />
        )}
        <AboutPatient patientId={about} onChange={setAbout} />
        <Textarea
          label={i18n._("Message")}
          size="md"
          rows={6}
          maxLength={4000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
          {...clinicalText}
        />
      </SheetForm>
    </Sheet>
  );
}
