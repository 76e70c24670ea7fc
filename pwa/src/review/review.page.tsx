import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useState } from "react";
import * as z from "zod";
import { type ReviewItem, reviewItemSchema } from "#domain/sync/review-items.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Unassigned } from "#pwa/capture/unassigned.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { OpenedReview } from "./opened-review.tsx";
import classes from "./review.module.css";
import { reviewChanged } from "./review-changed.ts";
import { ReviewFacts, useReviewWords } from "./review-facts.tsx";

const answer = z.object({ items: z.array(reviewItemSchema) });
/** Milliseconds between two looks at the list while it is open. */
const EVERY = 30_000;

/** Work of somebody whose rights ended, of a lost device, or handed over: looked at, and taken over or discarded. */
export function ReviewPage() {
  const may = useMay();
  if (!may("quarantine:decide")) return <DeniedPage permission="quarantine:decide" />;
  return (
    <>
      <Unassigned />
      <ReviewList />
    </>
  );
}

function ReviewList() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const answered = useAnswer("/api/quarantine", answer, EVERY);
  const [opened, setOpened] = useState<string | null>(null);
  const decided = () => {
    setOpened(null);
    answered.reload();
    reviewChanged();
  };
  return (
    <>
      <header className={itemList.head}>
        <h1 className={itemList.title}>{i18n._("Waiting for review")}</h1>
        <AsOf {...answered} />
      </header>
      <OnlineOnly answered={answered} label={i18n._("What waits for review is being opened")}>
        {({ items }) => {
          const open = items.filter(({ decision }) => decision === null);
          const mine = open.filter(({ handedTo }) => handedTo !== null && handedTo === user?.id);
          const waiting = open.filter((item) => !mine.includes(item));
          const card = (item: ReviewItem) => (
            <Card
              key={item.id}
              item={item}
              first={open.find(({ id }) => id === item.after)}
              isOpen={opened === item.id}
              onToggle={() => setOpened(opened === item.id ? null : item.id)}
              onDecided={decided}
              onStale={answered.reload}
            />
          );
          const past = items.filter(({ decision }) => decision !== null);
          return (
            <>
              {mine.length > 0 && (
                <section aria-label={i18n._("Handed to you")}>
                  <h2 className={classes.subtitle}>{i18n._("Handed to you")}</h2>
                  <p className={itemList.intro}>
                    {i18n._(
                      "The clinic refused this, and its author asks you to decide. Taken over, it is in the record under the author's name.",
                    )}
                  </p>
                  <ul className={itemList.list}>{mine.map(card)}</ul>
                </section>
              )}
              {open.length === 0 && (
                <State icon={IconChecks} title={i18n._("Nothing waits for review")}>
                  {i18n._(
                    "Work that arrives after somebody's access ended appears here, and work that a colleague hands to you.",
                  )}
                </State>
              )}
              {waiting.length > 0 && (
                <section aria-label={i18n._("For whoever decides first")}>
                  {mine.length > 0 && (
                    <h2 className={classes.subtitle}>{i18n._("For whoever decides first")}</h2>
                  )}
                  <p className={itemList.intro}>
                    {i18n._(
                      "Written before the author's access ended, on a lost or copied device, or handed to a colleague. Nothing of it is in the record.",
                    )}
                  </p>
                  <ul className={itemList.list}>{waiting.map(card)}</ul>
                </section>
              )}
              {past.length > 0 && <Past items={past} />}
            </>
          );
        }}
      </OnlineOnly>
    </>
  );
}

interface CardProps {
  readonly item: ReviewItem;
  /** What has to be decided before it. */
  readonly first: ReviewItem | undefined;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onDecided: () => void;
  readonly onStale: () => void;
}

function Card({ item, first, isOpen, onToggle, onDecided, onStale }: CardProps) {
  const { i18n } = useLingui();
  const words = useReviewWords();
  const content = `review-${item.id}`;
  return (
    <li className={itemList.card}>
      <div className={itemList.line}>
        <ReviewFacts item={item} />
        <Button
          variant={isOpen ? "default" : "filled"}
          aria-expanded={isOpen}
          aria-controls={content}
          onClick={onToggle}
        >
          {isOpen ? i18n._("Close") : i18n._("Open")}
        </Button>
      </div>
      {item.after !== null && (
        <p className={classes.first}>
          {first
            ? i18n._("Decide first: {what}, {when}", {
                what: words.what(first),
                when: words.when(first.writtenAt),
              })
            : i18n._("Something written before it has to be decided first.")}
        </p>
      )}
      <div id={content}>{isOpen && <OpenedReview item={item} onDecided={onDecided} onStale={onStale} />}</div>
    </li>
  );
}

function Past({ items }: { readonly items: readonly ReviewItem[] }) {
  const { i18n } = useLingui();
  return (
    <section aria-label={i18n._("Decided")}>
      <h2 className={classes.subtitle}>{i18n._("Decided")}</h2>
      <ul className={itemList.list}>
        {items.map((item) => (
          <li key={item.id} className={itemList.card}>
            <ReviewFacts item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}
