import { useLingui } from "@lingui/react";
import { IconShieldLock } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { PermissionName } from "#domain/access/permissions.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { CollectionName } from "#domain/registry.ts";
import { State } from "#pwa/design/state.tsx";
import { ApiError, ask, mutate } from "#pwa/local/index.ts";

interface DeniedPageProps {
  readonly permission: PermissionName;
  /** What the address names, for the audit record: whose it is, the server knows. */
  readonly subject?: { readonly type: CollectionName; readonly id: string };
  /** The patient whose chart it is: without the clinic, the attempt waits on this tablet and is refused there later. */
  readonly chartOf?: string;
}

/**
 * A denial is a denial, and it is recorded: the page asks the server for the same permission, which refuses, writes its
 * audit record and gives its number.
 */
export function DeniedPage({ permission, subject, chartOf }: DeniedPageProps) {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { type, id } = subject ?? {};
  const [record, setRecord] = useState<number | "unknown" | "kept" | null>(null);
  useEffect(() => {
    let shown = true;
    // An id from the address line may be any text; the server takes ids only.
    const on = type && idSchema.safeParse(id).success ? { subject: { type, id } } : {};
    ask("/api/access", { method: "POST", body: { permission, ...on } })
      .catch(async (error: unknown) => {
        if (error instanceof ApiError) return error.auditSeq ?? "unknown";
        if (!chartOf || !idSchema.safeParse(chartOf).success) return "unknown";
        await mutate("patient.openChart", { id: chartOf });
        return "kept";
      })
      .catch((error: unknown) => {
        console.error("a denial could not be kept", error);
        return "unknown" as const;
      })
      .then((known) => shown && setRecord(known ?? "unknown"));
    return () => {
      shown = false;
    };
  }, [permission, type, id, chartOf]);
  return (
    <State
      icon={IconShieldLock}
      title={i18n._("Your role does not open this")}
      urgent
      action={{ label: i18n._("Go to the first screen"), onClick: () => void navigate({ to: "/" }) }}
    >
      {typeof record === "number"
        ? i18n._("The attempt was recorded in the audit log as number {record}.", { record })
        : record === "unknown"
          ? i18n._("The clinic does not answer now, so the number of the audit record is not known.")
          : record === "kept"
            ? i18n._(
                "The clinic does not answer now. The attempt is kept on this tablet and recorded when it does.",
              )
            : i18n._("The attempt is being recorded.")}
    </State>
  );
}
