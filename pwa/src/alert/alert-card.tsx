import { useLingui } from "@lingui/react";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardList, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { PlainListState } from "#pwa/design/plain-list-state.tsx";
import { useRows } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { alertKindText } from "./alert-words.ts";

const AlertForm = lazyPart(() => import("./alert-form.tsx").then((module) => module.AlertForm));
const AlertSheet = lazyPart(() => import("./alert-sheet.tsx").then((module) => module.AlertSheet));

/** What everybody who treats the patient must know first. */
export function AlertCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const { rows } = useRows("alert", { where: { patientId } });
  const active = rows.filter((one) => one.active);
  const past = rows.filter((one) => !one.active);
  const shown = rows.find(({ id }) => id === open);
  const close = () => setOpen(null);
  const row = (one: (typeof rows)[number]) => (
    <CardRow
      key={one.id}
      title={one.text}
      detail={alertKindText(i18n, one.kind)}
      barred={!one.active}
      end={
        <>
          <ReportedBadge verification={one.verification} />
          <RecordMark id={one.id} />
        </>
      }
      onClick={() => setOpen(one.id)}
    />
  );
  return (
    <Card
      title={i18n._("Alerts and code status")}
      icon={IconAlertTriangle}
      {...(active.length > 0 ? { tone: "bad" as const } : {})}
      add={may("chart:write") ? { label: i18n._("Add alert"), onClick: () => setOpen("new") } : undefined}
    >
      <PlainListState
        patientId={patientId}
        count={active.length}
        empty={i18n._("No alerts. Code status not recorded.")}
      />
      <CardList>{active.map(row)}</CardList>
      <CardPast
        label={i18n._("{count, plural, one {# ended} other {# ended}}", { count: past.length })}
        rows={past}
        row={row}
      />
      {open === "new" && <AlertForm patientId={patientId} onClose={close} />}
      {shown && <AlertSheet alert={shown} onClose={close} />}
    </Card>
  );
}
