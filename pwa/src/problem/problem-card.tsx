import { useLingui } from "@lingui/react";
import { IconStethoscope } from "@tabler/icons-react";
import { useState } from "react";
import { twiceListed } from "#domain/chart/index.ts";
import { isCurrentProblem, isSameProblem, type Problem } from "#domain/problem/index.ts";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { Card, CardPast, CardRow } from "#pwa/design/card.tsx";
import { ReportedBadge } from "#pwa/design/fact-parts.tsx";
import { type JoinableEntry, TwiceBadge, TwiceListedRows } from "#pwa/duplicate/index.ts";
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
  const twice = twiceListed(current, isSameProblem);
  const isTwice = new Set(twice.flat());
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
      title={i18n._("Problems")}
      icon={IconStethoscope}
      count={current.length}
      add={may("chart:write") ? { label: i18n._("Add problem"), onClick: () => setOpen("new") } : undefined}
    >
      <ListStateWords patientId={patientId} list="problems" state={state} />
      <TwiceListedRows
        kind="problem"
        rows={current}
        pairs={twice}
        row={row}
        entryOf={(one) => joinable(i18n, one)}
      />
      <CardPast
        label={i18n._("{count, plural, one {# resolved or struck} other {# resolved or struck}}", {
          count: past.length,
        })}
        rows={past}
        row={row}
      />
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
    one.status === "entered-in-error" &&
      (one.duplicateOf ? i18n._("listed twice, joined") : i18n._("entered in error")),
    one.note,
  ]
    .filter(Boolean)
    .join(" · ");
}

function joinable(i18n: ReturnType<typeof useLingui>["i18n"], one: Problem): JoinableEntry {
  return {
    id: one.id,
    patientId: one.patientId,
    seen: one.lastChange.id,
    verification: one.verification,
    recordedBy: one.recordedBy,
    recordedAt: one.recordedAt,
    title: one.title,
    facts: [
      [i18n._("Code"), one.code ?? ""],
      [i18n._("Since"), one.onset ? birthDateText(one.onset) : ""],
      [i18n._("Note"), one.note],
    ],
  };
}
