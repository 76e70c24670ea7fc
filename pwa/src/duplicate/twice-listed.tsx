import { useLingui } from "@lingui/react";
import { IconCopy } from "@tabler/icons-react";
import { Fragment, type ReactNode, useState } from "react";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { CardList } from "#pwa/design/card.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./duplicate.module.css";
import type { JoinableEntry, JoinableKind } from "./joinable.ts";

const JoinSheet = lazyPart(() => import("./join-sheet.tsx").then((module) => module.JoinSheet));

/** A quiet mark on each of two entries that say the same. */
export function TwiceBadge() {
  const { i18n } = useLingui();
  return <StateBadge icon={IconCopy}>{i18n._("Listed twice")}</StateBadge>;
}

interface TwiceListedRowsProps<R> {
  readonly kind: JoinableKind;
  readonly rows: readonly R[];
  readonly pairs: readonly (readonly [R, R])[];
  readonly row: (entry: R) => ReactNode;
  readonly entryOf: (entry: R) => JoinableEntry;
}

/** The entries of a list, with those that merging listed twice beside each other and the question under them (C12). */
export function TwiceListedRows<R extends { readonly id: string }>({
  kind,
  rows,
  pairs,
  row,
  entryOf,
}: TwiceListedRowsProps<R>) {
  const seconds = new Set(pairs.map(([, second]) => second));
  return (
    <CardList>
      {rows.map((one) => {
        if (seconds.has(one)) return null;
        const pair = pairs.find(([first]) => first === one);
        if (!pair) return row(one);
        return (
          <Fragment key={one.id}>
            {pair.map(row)}
            <Question kind={kind} pair={[entryOf(pair[0]), entryOf(pair[1])]} />
          </Fragment>
        );
      })}
    </CardList>
  );
}

interface QuestionProps {
  readonly kind: JoinableKind;
  readonly pair: readonly [JoinableEntry, JoinableEntry];
}

function Question({ kind, pair }: QuestionProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const { title } = pair[0];
  return (
    <li className={classes.question}>
      <span>{i18n._("Each of the merged records has it.")}</span>
      {may("chart:confirm") ? (
        <button
          type="button"
          className={classes.ask}
          aria-label={i18n._("{title}: same? Join", { title })}
          onClick={() => setOpen(true)}
        >
          {i18n._("Same? Join")}
        </button>
      ) : (
        <span>{i18n._("A clinician decides whether it is the same.")}</span>
      )}
      {open && <JoinSheet kind={kind} pair={pair} onClose={() => setOpen(false)} />}
    </li>
  );
}
