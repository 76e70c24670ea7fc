import { useLingui } from "@lingui/react";
import { IconPill } from "@tabler/icons-react";
import { useState } from "react";
import { twiceListed } from "#domain/chart/index.ts";
import { isCurrentMedication, isSameMedication, type Medication } from "#domain/medication/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { type JoinableEntry, TwiceBadge, TwiceListedRows } from "#pwa/duplicate/index.ts";
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
  const twice = twiceListed(current, isSameMedication);
  const isTwice = new Set(twice.flat());
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
        one.status === "entered-in-error" &&
          (one.duplicateOf ? i18n._("listed twice, joined") : i18n._("entered in error")),
      ]
        .filter(Boolean)
        .join(" · ")}
      barred={one.status === "entered-in-error"}
      end={
        <>
          <PendingBadges pending={one.pending} />
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
      title={i18n._("Medications")}
      icon={IconPill}
      count={current.length}
      add={
        may("chart:write") ? { label: i18n._("Add medication"), onClick: () => setOpen("new") } : undefined
      }
    >
      <ListStateWords patientId={patientId} list="medications" state={state} />
      <TwiceListedRows
        kind="medication"
        rows={current}
        pairs={twice}
        row={row}
        entryOf={(one) => joinable(i18n, one)}
      />
      <CardPast
        label={i18n._("{count, plural, one {# stopped or struck} other {# stopped or struck}}", {
          count: past.length,
        })}
        rows={past}
        row={row}
      />
      {open === "new" && <MedicationForm patientId={patientId} onClose={close} />}
      {shown && <MedicationSheet medication={shown} onClose={close} />}
    </Card>
  );
}

function joinable(i18n: ReturnType<typeof useLingui>["i18n"], one: Medication): JoinableEntry {
  return {
    id: one.id,
    patientId: one.patientId,
    seen: one.lastChange.id,
    verification: one.verification,
    recordedBy: one.recordedBy,
    recordedAt: one.recordedAt,
    title: one.name,
    facts: [
      [i18n._("Dose"), one.dose],
      [i18n._("Taken"), [one.route, one.frequency, one.instructions].filter(Boolean).join(" · ")],
      [i18n._("Since"), one.startedOn ? birthDateText(one.startedOn) : ""],
      [i18n._("Note"), one.note],
    ],
    ...(one.pending.length > 0 && {
      stays: i18n._("A change waits beside the other one: decide about it first"),
    }),
  };
}
