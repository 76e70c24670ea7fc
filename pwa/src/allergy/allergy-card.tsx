import { useLingui } from "@lingui/react";
import { IconAlertOctagon } from "@tabler/icons-react";
import { useState } from "react";
import { type Allergy, isCurrentAllergy, isSameAllergy } from "#domain/allergy/index.ts";
import { twiceListed } from "#domain/chart/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { Card, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { type JoinableEntry, TwiceBadge, TwiceListedRows } from "#pwa/duplicate/index.ts";
import { useRows } from "#pwa/local/index.ts";
import { ListStateWords, useListState } from "#pwa/none-known/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { allergyStatusText, severityText } from "./allergy-words.ts";

const AllergyForm = lazyPart(() => import("./allergy-form.tsx").then((module) => module.AllergyForm));
const AllergySheet = lazyPart(() => import("./allergy-sheet.tsx").then((module) => module.AllergySheet));

export function AllergyCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const { rows } = useRows("allergy", { where: { patientId } });
  const current = rows.filter(isCurrentAllergy);
  const past = rows.filter((one) => !isCurrentAllergy(one));
  const state = useListState(patientId, "allergies", current.length);
  const twice = twiceListed(current, isSameAllergy);
  const isTwice = new Set(twice.flat());
  const close = () => setOpen(null);
  const shown = rows.find(({ id }) => id === open);
  const row = (one: Allergy) => (
    <CardRow
      key={one.id}
      title={one.substance}
      detail={
        one.status === "active"
          ? [one.reactions.join(", "), one.note].filter(Boolean).join(" · ")
          : one.duplicateOf
            ? i18n._("listed twice, joined")
            : [allergyStatusText(i18n, one.status), one.statusReason].filter(Boolean).join(": ")
      }
      barred={one.status !== "active"}
      end={
        <>
          {one.status === "active" && one.severity !== "unknown" && (
            <StateBadge tone={one.severity === "severe" ? "bad" : "plain"}>
              {severityText(i18n, one.severity)}
            </StateBadge>
          )}
          {isTwice.has(one) && <TwiceBadge />}
          <ReportedBadge verification={one.verification} />
          <RecordMark id={one.id} />
        </>
      }
      onClick={() => setOpen(one.id)}
    />
  );
  return (
    <Card
      title={i18n._("Allergies")}
      icon={IconAlertOctagon}
      count={current.length}
      {...(current.length > 0 ? { tone: "bad" as const } : {})}
      add={may("chart:write") ? { label: i18n._("Add allergy"), onClick: () => setOpen("new") } : undefined}
    >
      <ListStateWords patientId={patientId} list="allergies" state={state} />
      <TwiceListedRows
        kind="allergy"
        rows={current}
        pairs={twice}
        row={row}
        entryOf={(one) => joinable(i18n, one)}
      />
      <CardPast
        label={i18n._(
          "{count, plural, one {# refuted, ended or struck} other {# refuted, ended or struck}}",
          {
            count: past.length,
          },
        )}
        rows={past}
        row={row}
      />
      {open === "new" && <AllergyForm patientId={patientId} onClose={close} />}
      {shown && <AllergySheet allergy={shown} onClose={close} />}
    </Card>
  );
}

function joinable(i18n: ReturnType<typeof useLingui>["i18n"], one: Allergy): JoinableEntry {
  return {
    id: one.id,
    patientId: one.patientId,
    seen: one.lastChange.id,
    verification: one.verification,
    recordedBy: one.recordedBy,
    recordedAt: one.recordedAt,
    title: one.substance,
    facts: [
      [i18n._("Reaction"), one.reactions.join(", ")],
      [i18n._("Severity"), severityText(i18n, one.severity)],
      [i18n._("Note"), one.note],
    ],
  };
}
