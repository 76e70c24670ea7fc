import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { type Approval, type ApprovalPayload, approvalSchema } from "#domain/approval/index.ts";
import { ask } from "#pwa/local/index.ts";

/** Files a request for a second person to decide. @throws {LocalError} offline · {ApiError} the clinic refused */
export const requestApproval = (payload: ApprovalPayload, reason: string): Promise<Approval> =>
  ask("/api/approvals", { method: "POST", body: { payload, reason }, answer: approvalSchema });

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Why it is asked for: the one who decides reads it. */
export function ReasonField({ value, onChange }: ReasonFieldProps) {
  const { i18n } = useLingui();
  return (
    <TextInput
      label={i18n._("Why, for the person who decides")}
      required
      withAsterisk={false}
      minLength={3}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
