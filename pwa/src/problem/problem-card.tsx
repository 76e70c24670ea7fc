import { useLingui } from "@lingui/react";
import { IconStethoscope } from "@tabler/icons-react";
import { useState } from "react";
import { isCurrentProblem, type Problem } from "#domain/problem/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardList, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { birthDateText } from "#pwa/language/language.ts";
import { useRows } from "#pwa/local/index.ts";
import { ListStateWords, useListState } from "#pwa/none-known/index.ts";
import { RecordMark } from "#pwa/outbox/record-mark.tsx";
import { useMay } from "#pwa/session/use-may.ts";

const ProblemForm = lazyPart(() => import("./problem-form.tsx").then((module) => module.ProblemForm));
const ProblemSheet = lazyPart(() => import("./problem-sheet.tsx").then((module) => module.ProblemSheet));

export function ProblemCard({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState<string | null>(null);
  const { rows } = useRows("problem", { where: { patientId } });
  const current = rows.filter(isCurrentProblem);
  const past = rows.filter((one) => !isCurrentProblem(one));
  const state = useListState(patientId, "problems", current.length);
  const close = () => setOpen(null);
  const shown = rows.find(({ id }) => id === open);
  const row = (one: Problem) => (
    <CardRow
      key={one.id}
      title={one.title}
      detail={problemDetail(i18n, one)}
      barred={one.status === "entered-in-error"}
      end={
        <>
          <ReportedBadge verification={one.verification} />
          <RecordMark collection="problem" id={one.id} />
        </>
      }
      onClick={() => setOpen(one.id)}
    />
  );
  return (
    <Card
      title={i18n._("Problems")}
      icon={IconStethoscope}
      count={current.length}
      add={may("chart:write") ? { label: i18n._("Add problem"), onClick: () => setOpen("new") } : undefined}
    >
      <ListStateWords patientId={patientId} list="problems" state={state} />
      <CardList>{current.map(row)}</CardList>
      {past.length > 0 && (
        <CardPast
          label={i18n._("{count, plural, one {# resolved or struck} other {# resolved or struck}}", {
            count: past.length,
          })}
        >
          {past.map(row)}
        </CardPast>
      )}
      {open === "new" && <ProblemForm patientId={patientId} onClose={close} />}
      {shown && <ProblemSheet problem={shown} onClose={close} />}
    </Card>
  );
}

function problemDetail(i18n: ReturnType<typeof useLingui>["i18n"], one: Problem): string {
  return [
    one.code,
    one.onset && i18n._("since {date}", { date: birthDateText(one.onset) }),
    one.status === "resolved" &&
      one.resolvedOn &&
      i18n._("resolved {date}", { date: birthDateText(one.resolvedOn) }),
    one.status === "entered-in-error" && i18n._("entered in error"),
    one.note,
  ]
    .filter(Boolean)
    .join(" · ");
}
