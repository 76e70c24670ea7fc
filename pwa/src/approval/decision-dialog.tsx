import { useLingui } from "@lingui/react";
import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { type Approval, approvalSchema } from "#domain/approval/index.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { ask } from "#pwa/local/index.ts";
import { differenceText, requestText } from "./approval-text.ts";
import classes from "./approvals.module.css";
import { Asked } from "./asked.tsx";
import { MergeDifference } from "./merge-difference.tsx";

interface DialogProps {
  readonly approval: Approval;
  readonly onClose: () => void;
}

function Password({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { i18n } = useLingui();
  return (
    <SecretInput
      label={i18n._("Your password, once more")}
      name="password"
      autoComplete="current-password"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What is decided: what it changes, who asked for it and why. */
function Shown({ approval }: { readonly approval: Approval }) {
  const { i18n } = useLingui();
  return (
    <div className={classes.shown}>
      <strong>{requestText(i18n, approval)}</strong>
      <p>{differenceText(i18n, approval)}</p>
      <Asked approval={approval} />
      <MergeDifference approval={approval} />
    </div>
  );
}

/** Approves or denies exactly what is shown here. */
export function DecisionDialog({
  approval,
  decision,
  ...ends
}: DialogProps & { readonly decision: "approve" | "deny"; readonly onDone: () => void }) {
  const { i18n } = useLingui();
  const [password, setPassword] = useState("");
  const kept = useKeptForm({ form: "approval.deny", of: approval.id });
  const onDone = kept.closing(ends.onDone);
  const [reason, setReason] = useKept(kept, "reason", "");
  const send = async () => {
    await ask(`/api/approvals/${approval.id}/decision`, {
      method: "POST",
      body: { decision, digest: approval.digest, reason, password },
      answer: approvalSchema,
    });
    onDone();
  };
  return (
    <DialogForm
      title={decision === "approve" ? i18n._("Approve this?") : i18n._("Deny this?")}
      submit={decision === "approve" ? i18n._("Approve") : i18n._("Deny")}
      danger={decision === "deny"}
      wide={Boolean(approval.difference.records)}
      kept={kept}
      onClose={kept.closing(ends.onClose)}
      onSubmit={send}
    >
      <Shown approval={approval} />
      {decision === "deny" && (
        <TextInput
          label={i18n._("Why")}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Password value={password} onChange={setPassword} />
    </DialogForm>
  );
}

const executed = z.object({ approval: approvalSchema, token: z.string().optional() });

/** Carries out one's own approved request. */
export function ExecuteDialog({
  approval,
  onClose,
  onDone,
}: DialogProps & { readonly onDone: (token: string | null) => void }) {
  const { i18n } = useLingui();
  const [password, setPassword] = useState("");
  const send = async () => {
    const { token } = await ask(`/api/approvals/${approval.id}/execute`, {
      method: "POST",
      body: { password },
      answer: executed,
    });
    onDone(token ?? null);
  };
  return (
    <DialogForm
      title={i18n._("Carry this out?")}
      submit={i18n._("Carry out")}
      wide={Boolean(approval.difference.records)}
      onClose={onClose}
      onSubmit={send}
    >
      <Shown approval={approval} />
      <Password value={password} onChange={setPassword} />
    </DialogForm>
  );
}

/** A new token is shown once and never again: the practice keeps only its registration. */
export function TokenDialog({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  const { i18n } = useLingui();
  return (
    <Modal
      opened
      onClose={onClose}
      title={i18n._("The new token")}
      centered
      size="lg"
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack gap="md">
        <p className={classes.once}>
          {i18n._(
            "Copy it now into the program that needs it. It is not kept here and cannot be shown again.",
          )}
        </p>
        <textarea
          className={classes.token}
          readOnly
          rows={5}
          value={token}
          aria-label={i18n._("Service token")}
        />
        <Button variant="default" onClick={() => void navigator.clipboard?.writeText(token)}>
          {i18n._("Copy")}
        </Button>
        <Button onClick={onClose}>{i18n._("I have copied it")}</Button>
      </Stack>
    </Modal>
  );
}
