import { useLingui } from "@lingui/react";
import { IconChecks } from "@tabler/icons-react";
import { useState } from "react";
import * as z from "zod";
import { groupReview, isOpen, type ReviewGroup } from "#domain/sync/review-groups.ts";
import { type ReviewItem, reviewItemSchema } from "#domain/sync/review-items.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Unassigned } from "#pwa/capture/unassigned.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./review.module.css";
import { ReviewCard, ShownCard } from "./review-card.tsx";
import { reviewChanged, useReviewNews } from "./review-changed.ts";

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
  const answered = useAnswer("/api/quarantine", answer, EVERY);
  useReviewNews(answered.reload);
  return (
    <>
      <header className={itemList.head}>
        <h1 className={itemList.title}>{i18n._("Waiting for review")}</h1>
        <AsOf {...answered} />
      </header>
      <OnlineOnly answered={answered} label={i18n._("What waits for review is being opened")}>
        {({ items }) => <Groups items={items} />}
      </OnlineOnly>
    </>
  );
}

function Groups({ items }: { readonly items: readonly ReviewItem[] }) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const [opened, setOpened] = useState<string | null>(null);
  const { waiting, past } = groupReview(items);
  const isMine = ({ items: [{ handedTo }] }: ReviewGroup) => handedTo !== null && handedTo === user?.id;
  const [mine, others] = [waiting.filter(isMine), waiting.filter((group) => !isMine(group))];
  const card = (group: ReviewGroup) => (
    <ReviewCard
      key={group.key}
      group={group}
      waiting={items.filter(isOpen)}
      isOpen={opened === group.key}
      onToggle={() => setOpened(opened === group.key ? null : group.key)}
      onChanged={reviewChanged}
    />
  );
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
      {waiting.length === 0 && (
        <State icon={IconChecks} title={i18n._("Nothing waits for review")}>
          {i18n._(
            "Work that arrives after somebody's access ended appears here, and work that a colleague hands to you.",
          )}
        </State>
      )}
      {others.length > 0 && (
        <section aria-label={i18n._("For whoever decides first")}>
          {mine.length > 0 && <h2 className={classes.subtitle}>{i18n._("For whoever decides first")}</h2>}
          <p className={itemList.intro}>
            {i18n._(
              "Written before the author's access ended, on a lost or copied device, or handed to a colleague. Nothing of it is in the record.",
            )}
          </p>
          <ul className={itemList.list}>{others.map(card)}</ul>
        </section>
      )}
      <Decided groups={past} />
    </>
  );
}

function Decided({ groups }: { readonly groups: readonly ReviewGroup[] }) {
  const { i18n } = useLingui();
  // A report alone is nothing that was ever here to decide.
  const decided = groups.filter(({ items }) => items.some(({ decision }) => decision !== null));
  if (decided.length === 0) return null;
  return (
    <section aria-label={i18n._("Decided")}>
      <h2 className={classes.subtitle}>{i18n._("Decided")}</h2>
      <ul className={itemList.list}>
        {decided.map((group) => (
          <ShownCard key={group.key} group={group} />
        ))}
      </ul>
    </section>
  );
}
