import { useLingui } from "@lingui/react";
import { IconArrowsSplit } from "@tabler/icons-react";
import { SheetAction } from "#pwa/design/details.tsx";
import { mutate } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import type { JoinableKind } from "./joinable.ts";

interface BackOnTheListProps {
  readonly kind: JoinableKind;
  readonly entry: { readonly id: string; readonly patientId: string; readonly duplicateOf: string | null };
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Of an entry that another one stands for: the way back, should they have been two after all. */
export function BackOnTheList({ kind, entry: { id, patientId, duplicateOf }, run }: BackOnTheListProps) {
  const { i18n } = useLingui();
  const may = useMay();
  if (!duplicateOf) return null;
  return (
    <SheetAction
      label={i18n._("Not the same: list it again")}
      icon={<IconArrowsSplit size={20} aria-hidden />}
      refused={may("chart:confirm") ? null : i18n._("A clinician decides whether it is the same.")}
      onClick={() => run(() => mutate(`${kind}.separate`, { id, patientId }))}
    />
  );
}
