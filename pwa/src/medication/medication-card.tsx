import { useLingui } from "@lingui/react";
import { IconPill } from "@tabler/icons-react";
import { useState } from "react";
import { isCurrentMedication, type Medication } from "#domain/medication/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardList, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { birthDateText } from "#pwa/language/language.ts";
import { useRows } from "#pwa/local/index.ts";
import { ListStateWords, useListState } from "#pwa/none-known/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { dosageText } from "./medication-words.ts";
import { PendingBadges } from "./pending-badges.tsx";

const MedicationForm = lazyPart(() =>
  import("./medication-form.tsx").then((module) => module.MedicationForm),
);
const MedicationSheet = lazyPart(() =>
  import("./medication-sheet.tsx").then((module) => module.MedicationSheet),
);

export function MedicationCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const { rows } = useRows("medication", { where: { patientId } });
  const current = rows.filter(isCurrentMedication);
  const past = rows.filter((one) => !isCurrentMedication(one));
  const state = useListState(patientId, "medications", current.length);
  const close = () => setOpen(null);
  const shown = rows.find(({ id }) => id === open);
  const row = (one: Medication) => (
    <CardRow
      key={one.id}
      title={one.name}
      detail={[
        dosageText(one),
        one.status === "stopped" &&
          one.stoppedOn &&
          i18n._("stopped {date}", { date: birthDateText(one.stoppedOn) }),
        one.status === "stopped" && one.stopReason,
        one.status === "entered-in-error" && i18n._("entered in error"),
      ]
        .filter(Boolean)
        .join(" · ")}
      barred={one.status === "entered-in-error"}
      end={
        <>
          <PendingBadges pending={one.pending} />
          <ReportedBadge verification={one.verification} />
          <RecordMark collection="medication" id={one.id} />
        </>
      }
      onClick={() => setOpen(one.id)}
    />
  );
  return (
    <Card
      title={i18n._("Medications")}
      icon={IconPill}
      count={current.length}
      add={
        may("chart:write") ? { label: i18n._("Add medication"), onClick: () => setOpen("new") } : undefined
      }
    >
      <ListStateWords patientId={patientId} list="medications" state={state} />
      <CardList>{current.map(row)}</CardList>
      {past.length > 0 && (
        <CardPast
          label={i18n._("{count, plural, one {# stopped or struck} other {# stopped or struck}}", {
            count: past.length,
          })}
        >
          {past.map(row)}
        </CardPast>
      )}
      {open === "new" && <MedicationForm patientId={patientId} onClose={close} />}
      {shown && <MedicationSheet medication={shown} onClose={close} />}
    </Card>
  );
}
