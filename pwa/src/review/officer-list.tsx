import { IconChecks } from "@tabler/icons-react";
import { Fragment, type ReactNode } from "react";
import type { ZodType } from "zod";
import itemList from "#pwa/design/item-list.module.css";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useAnswer } from "#pwa/local/index.ts";
import { useReviewNews } from "./review-changed.ts";

/** Milliseconds between two looks at the list while it is open. */
const EVERY = 30_000;

interface OfficerListProps<T> {
  /** Where the clinic lists them. */
  readonly path: string;
  readonly answer: ZodType<{ readonly items: readonly T[] }>;
  readonly title: string;
  readonly intro: string;
  /** Said to people who listen while the list is fetched. */
  readonly loading: string;
  readonly empty: { readonly title: string; readonly text: string };
  readonly children: (item: T, reload: () => void) => ReactNode;
}

/** What an officer looks at once each: what waits first, kept fresh while it is open. */
export function OfficerList<T extends { readonly id: string }>(props: OfficerListProps<T>) {
  const { path, answer, title, intro, loading, empty, children } = props;
  const answered = useAnswer(path, answer, EVERY);
  useReviewNews(answered.reload);
  return (
    <>
      <header className={itemList.head}>
        <h1 className={itemList.title}>{title}</h1>
        <AsOf {...answered} />
      </header>
      <p className={itemList.intro}>{intro}</p>
      <OnlineOnly answered={answered} label={loading}>
        {({ items }) =>
          items.length === 0 ? (
            <State icon={IconChecks} title={empty.title}>
              {empty.text}
            </State>
          ) : (
            <ul className={itemList.list}>
              {items.map((item) => (
                <Fragment key={item.id}>{children(item, answered.reload)}</Fragment>
              ))}
            </ul>
          )
        }
      </OnlineOnly>
    </>
  );
}
