import type { Icon } from "@tabler/icons-react";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "./card.module.css";

interface CardProps {
  readonly title: string;
  readonly icon: Icon;
  readonly count?: number | undefined;
  readonly tone?: "bad";
  /** What the plus does; absent where nothing can be added. */
  readonly add?: { readonly label: string; readonly onClick: () => void } | undefined;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

/** One list of a chart. */
export function Card({ title, icon: IconOf, count, tone, add, extra, children }: CardProps) {
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id} data-tone={tone}>
      <header className={classes.head}>
        <IconOf size={20} stroke={1.8} aria-hidden className={classes.icon} />
        <h2 id={id} className={classes.title}>
          {title}
          {count !== undefined && count > 0 && <span className={classes.count}>{count}</span>}
        </h2>
        {extra}
        {add && (
          <button type="button" className={classes.add} onClick={add.onClick}>
            <IconPlus size={18} stroke={2.2} aria-hidden />
            {add.label}
          </button>
        )}
      </header>
      {children}
    </section>
  );
}

interface CardRowProps {
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly end?: ReactNode;
  readonly onClick: () => void;
  readonly barred?: boolean;
}

/** One entry of a list; a tap opens it. */
export function CardRow({ title, detail, end, onClick, barred = false }: CardRowProps) {
  return (
    <li className={classes.item}>
      <button type="button" className={classes.row} onClick={onClick} data-barred={barred || undefined}>
        <span className={classes.main}>
          <span className={classes.rowTitle}>{title}</span>
          {detail && <span className={classes.detail}>{detail}</span>}
        </span>
        {end && <span className={classes.end}>{end}</span>}
      </button>
    </li>
  );
}

export const CardList = ({ children }: { readonly children: ReactNode }) => (
  <ul className={classes.list}>{children}</ul>
);

interface CardPastProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly row: (one: T) => ReactNode;
}

/** Entries that count no longer, out of the way, and not drawn, until somebody asks. Nothing where there are none. */
export function CardPast<T>({ label, rows, row }: CardPastProps<T>) {
  const [asked, setAsked] = useState(false);
  if (rows.length === 0) return null;
  return (
    <details className={classes.past} onToggle={() => setAsked(true)}>
      <summary className={classes.summary}>{label}</summary>
      <ul className={classes.list}>{asked && rows.map(row)}</ul>
    </details>
  );
}
