import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type OpenedItem, openedItemSchema, type ReviewItem } from "#domain/sync/review-items.ts";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { useAnswer } from "#pwa/local/index.ts";
import type { Left } from "./decide-together.ts";
import { DecideFirst, Decision, ItemWords, WrittenAs } from "./opened-review.tsx";
import classes from "./review.module.css";
import { DecidedBy, ItemBadge, Recorded, useReviewWords } from "./review-facts.tsx";

interface LineProps {
  readonly item: ReviewItem;
  readonly what?: string;
  /** What became of it, in the line itself. */
  readonly state?: ReactNode;
  /** What can be done, at the end of the line. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** One part of a group: what it is and when it was written. */
function Line({ item, what, state, action, children }: LineProps) {
  const words = useReviewWords();
  return (
    <li className={classes.part}>
      <div className={classes.partHead}>
        <h4 className={classes.partWhat}>{what ?? words.what(item)}</h4>
        <span className={classes.partTime}>{words.time(item.writtenAt)}</span>
        {state}
        {action && <span className={classes.partAction}>{action}</span>}
      </div>
      {children}
    </li>
  );
}

/** A part that nobody decides about here: decided, a report, or on the list of somebody who only sees that it is there. */
export function PartLine({ item, waiting }: { readonly item: ReviewItem; readonly waiting?: boolean }) {
  const state = (
    <>
      <ItemBadge item={item} waiting={waiting} />
      <DecidedBy item={item} />
      <Recorded item={item} />
    </>
  );
  return <Line item={item} state={state} />;
}

export interface OpenPartProps {
  readonly item: ReviewItem;
  /** What has to be decided before it. */
  readonly first: ReviewItem | undefined;
  /** Why it was left when the others were taken over. */
  readonly left: Left | undefined;
  readonly onChanged: () => void;
}

/** A part with its words, and the way to decide about it alone. */
export function OpenPart({ opened, ...part }: OpenPartProps & { readonly opened: OpenedItem }) {
  const { i18n } = useLingui();
  const [deciding, setDeciding] = useState(false);
  const action = (
    <Button variant="subtle" h={44} aria-expanded={deciding} onClick={() => setDeciding(!deciding)}>
      {deciding ? i18n._("Decide with the others") : i18n._("Decide this alone")}
    </Button>
  );
  return (
    <Line item={part.item} action={action}>
      <WhyLeft left={part.left} />
      <ItemWords opened={opened} plain />
      {deciding && <Alone {...part} opened={opened} />}
    </Line>
  );
}

/** What is out of the way until somebody wants it: an earlier version of a text, or one of very many parts. */
export function ShutPart({ isEarlier, ...part }: OpenPartProps & { readonly isEarlier: boolean }) {
  const { i18n } = useLingui();
  const [shown, setShown] = useState(false);
  const action = (
    <Button variant="subtle" h={44} aria-expanded={shown} onClick={() => setShown(!shown)}>
      {shown ? i18n._("Hide") : i18n._("Show")}
    </Button>
  );
  return (
    <Line item={part.item} action={action} {...(isEarlier && { what: i18n._("Earlier text of the note") })}>
      <WhyLeft left={part.left} />
      {shown && <ShownPart {...part} />}
    </Line>
  );
}

function ShownPart(part: OpenPartProps) {
  const { i18n } = useLingui();
  const answered = useAnswer(`/api/quarantine/${part.item.id}`, openedItemSchema);
  return (
    <OnlineOnly answered={answered} label={i18n._("The entry is being opened")}>
      {(opened) => (
        <>
          <ItemWords opened={opened} plain />
          <Alone {...part} opened={opened} />
        </>
      )}
    </OnlineOnly>
  );
}

function WhyLeft({ left }: Pick<OpenPartProps, "left">) {
  const { i18n } = useLingui();
  if (left === undefined || left === "own-hand") return null;
  return (
    <p className={classes.failure}>
      {left === "waits"
        ? i18n._("Not taken over yet: it builds on something above that is not decided.")
        : i18n._("Not taken over: {why}", { why: errorText(left.refused) })}
    </p>
  );
}

/** Both ways to decide about one part by itself. */
function Alone({ item, first, opened, onChanged }: OpenPartProps & { readonly opened: OpenedItem }) {
  return (
    <>
      <WrittenAs item={opened} />
      <DecideFirst item={item} first={first} />
      <Decision item={item} opened={opened} onDecided={onChanged} onStale={onChanged} />
    </>
  );
}
