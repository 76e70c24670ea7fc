import { useLingui } from "@lingui/react";
import { IconVaccine } from "@tabler/icons-react";
import { useState } from "react";
import type { Immunization } from "#domain/immunization/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardList, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { PlainListState } from "#pwa/design/plain-list-state.tsx";
import { birthDateText } from "#pwa/language/language.ts";
import { useRows } from "#pwa/local/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import { sourceText } from "./immunization-words.ts";

const ImmunizationForm = lazyPart(() =>
  import("./immunization-form.tsx").then((module) => module.ImmunizationForm),
);
const ImmunizationSheet = lazyPart(() =>
  import("./immunization-sheet.tsx").then((module) => module.ImmunizationSheet),
);
/** As many as are read at a glance; the rest is one tap away. */
const SHOWN = 4;

export function ImmunizationCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const { rows } = useRows("immunization", {
    where: { patientId },
    sort: { by: "givenOn", descending: true },
  });
  const given = rows.filter(({ status }) => status === "completed");
  const rest = [...given.slice(SHOWN), ...rows.filter(({ status }) => status !== "completed")];
  const shown = rows.find(({ id }) => id === open);
  const close = () => setOpen(null);
  const row = (one: Immunization) => (
    <CardRow
      key={one.id}
      title={one.vaccine}
      detail={[birthDateText(one.givenOn), sourceText(i18n, one.source)].join(" · ")}
      barred={one.status !== "completed"}
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
      title={i18n._("Immunizations")}
      icon={IconVaccine}
      count={given.length}
      add={
        may("chart:write") ? { label: i18n._("Add immunization"), onClick: () => setOpen("new") } : undefined
      }
    >
      <PlainListState patientId={patientId} count={rows.length} empty={i18n._("None recorded here.")} />
      <CardList>{given.slice(0, SHOWN).map(row)}</CardList>
      <CardPast
        label={i18n._("{count, plural, one {# more} other {# more}}", { count: rest.length })}
        rows={rest}
        row={row}
      />
      {open === "new" && <ImmunizationForm patientId={patientId} onClose={close} />}
      {shown && <ImmunizationSheet immunization={shown} onClose={close} />}
    </Card>
  );
}
