import { useLingui } from "@lingui/react";
import { IconAlertOctagon } from "@tabler/icons-react";
import { useState } from "react";
import { type Allergy, isCurrentAllergy } from "#domain/allergy/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { Card, CardList, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
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
  const close = () => setOpen(null);
  const shown = rows.find(({ id }) => id === open);
  const row = (one: Allergy) => (
    <CardRow
      key={one.id}
      title={one.substance}
      detail={
        one.status === "active"
          ? [one.reactions.join(", "), one.note].filter(Boolean).join(" · ")
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
          <ReportedBadge verification={one.verification} />
          <RecordMark collection="allergy" id={one.id} />
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
      <CardList>{current.map(row)}</CardList>
      {past.length > 0 && (
        <CardPast
          label={i18n._(
            "{count, plural, one {# refuted, ended or struck} other {# refuted, ended or struck}}",
            {
              count: past.length,
            },
          )}
        >
          {past.map(row)}
        </CardPast>
      )}
      {open === "new" && <AllergyForm patientId={patientId} onClose={close} />}
      {shown && <AllergySheet allergy={shown} onClose={close} />}
    </Card>
  );
}
