import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { StateBadge } from "./badge.tsx";
import { clinicalText } from "./clinical-text.ts";
import { type KeptPlace, useKept, useKeptForm } from "./kept-form.tsx";
import { SheetForm } from "./side-sheet.tsx";
import { useSaving } from "./use-saving.ts";

/** A nurse's entry that no clinician has confirmed yet (C10). */
export function ReportedBadge({ verification }: { readonly verification: "confirmed" | "reported" }) {
  const { i18n } = useLingui();
  if (verification === "confirmed") return null;
  return (
    <StateBadge tone="warn" icon={IconUserQuestion}>
      {i18n._("Reported, unverified")}
    </StateBadge>
  );
}

interface ReasonFormProps {
  readonly question: string;
  readonly label: string;
  readonly place: KeptPlace;
  readonly usual?: readonly string[];
  readonly onCancel: () => void;
  readonly onSave: (reason: string) => Promise<unknown>;
  /** Where words are not required. */
  readonly optional?: boolean;
}

/** Why something is done, in a few words or a tap. */
export function ReasonForm({
  question,
  label,
  place,
  usual = [],
  onCancel,
  onSave,
  optional = false,
}: ReasonFormProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm(place, { inside: true });
  const [reason, setReason] = useKept(kept, "reason", "");
  const saving = useSaving();
  const save = async () => {
    if (await saving.save(() => onSave(reason.trim()))) kept.end();
  };
  const enough = optional || reason.trim().length >= 3;
  return (
    <SheetForm
      saving={saving}
      label={label}
      tone="danger"
      kept={kept}
      onCancel={kept.closing(onCancel)}
      onSave={() => void save()}
      missing={enough ? null : i18n._("Give a reason")}
    >
      <TextInput
        label={question}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        {...clinicalText}
      />
      {usual.length > 0 && (
        <div style={{ display: "flex", flexWrap: "wrap", gap: "0.5rem" }}>
          {usual.map((one) => (
            <UsualReason key={one} text={one} onClick={() => setReason(one)} />
          ))}
        </div>
      )}
    </SheetForm>
  );
}

function UsualReason({ text, onClick }: { readonly text: string; readonly onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      style={{
        minHeight: 44,
        padding: "0 0.9rem",
        border: "1px solid var(--field-line)",
        borderRadius: 999,
        background: "var(--surface-raised)",
        color: "var(--ink)",
        font: "inherit",
        fontSize: "0.9375rem",
        cursor: "pointer",
      }}
    >
      {text}
    </button>
  );
}
