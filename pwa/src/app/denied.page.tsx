import { useLingui } from "@lingui/react";
import { IconShieldLock } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { PermissionName } from "#domain/access/permissions.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { CollectionName } from "#domain/registry.ts";
import { State } from "#pwa/design/state.tsx";
import { ApiError, ask } from "#pwa/local/index.ts";

interface DeniedPageProps {
  readonly permission: PermissionName;
  /** What the address names, for the audit record: whose it is, the server knows. */
  readonly subject?: { readonly type: CollectionName; readonly id: string };
}

/**
 * A denial is a denial, and it is recorded: the page asks the server for the same permission, which refuses, writes its
 * audit record and gives its number.
 */
export function DeniedPage({ permission, subject }: DeniedPageProps) {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { type, id } = subject ?? {};
  const [record, setRecord] = useState<number | "unknown" | null>(null);
  useEffect(() => {
    let shown = true;
    // An id from the address line may be any text; the server takes ids only.
    const on = type && idSchema.safeParse(id).success ? { subject: { type, id } } : {};
    ask("/api/access", { method: "POST", body: { permission, ...on } }).catch((error: unknown) => {
      if (shown) setRecord(error instanceof ApiError ? (error.auditSeq ?? "unknown") : "unknown");
    });
    return () => {
      shown = false;
    };
  }, [permission, type, id]);
  return (
    <State
      icon={IconShieldLock}
      title={i18n._("Your role does not open this")}
      urgent
      action={{ label: i18n._("Go to Today"), onClick: () => void navigate({ to: "/" }) }}
    >
      {typeof record === "number"
        ? i18n._("The attempt was recorded in the audit log as number {record}.", { record })
        : record === "unknown"
          ? i18n._("The clinic does not answer now, so the number of the audit record is not known.")
          : i18n._("The attempt is being recorded.")}
    </State>
  );
}
