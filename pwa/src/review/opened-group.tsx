import { useLingui } from "@lingui/react";
import { useState } from "react";
import { asksForDecision } from "#domain/sync/review.ts";
import { isOpen, type ReviewGroup } from "#domain/sync/review-groups.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import type { Left } from "./decide-together.ts";
import { OpenPart, PartLine, ShutPart } from "./group-part.tsx";
import classes from "./review.module.css";
import { Together } from "./together.tsx";
import { useParts } from "./use-parts.ts";

/** How many parts are opened at once; what is beyond that is opened one by one. */
const MOST = 30;

interface OpenedGroupProps {
  readonly group: ReviewGroup;
  /** Everything that waits, for what has to be decided first. */
  readonly waiting: readonly ReviewItem[];
  /** Something of it was decided, or it is not what the list says. */
  readonly onChanged: () => void;
}

/** A text of which a later one of the group is another version. */
const isEarlierText = ({ id, name }: ReviewItem, items: readonly ReviewItem[]): boolean =>
  name === "note.revise" && items.some((later) => later.name === name && later.after === id);

/** The parts of a group with their words, in the order in which they were written, and one decision for all of them. */
export function OpenedGroup({ group: { key, items }, waiting, onChanged }: OpenedGroupProps) {
  const { i18n } = useLingui();
  const [left, setLeft] = useState<ReadonlyMap<string, Left>>(new Map());
  const read = items
    .filter((item) => isOpen(item) && !isEarlierText(item, items))
    .slice(0, MOST)
    .map(({ id }) => id);
  const answered = useParts(read);
  const partOf = (item: ReviewItem) => {
    if (item.decision !== null || !asksForDecision(item.name)) return <PartLine key={item.id} item={item} />;
    const opened = answered.value?.get(item.id);
    const part = {
      item,
      first: waiting.find(({ id }) => id === item.after),
      left: left.get(item.id),
      onChanged,
    };
    return opened ? (
      <OpenPart key={item.id} {...part} opened={opened} />
    ) : (
      <ShutPart key={item.id} {...part} isEarlier={isEarlierText(item, items)} />
    );
  };
  return (
    <OnlineOnly answered={answered} label={i18n._("The entries are being opened")}>
      {() => (
        <>
          <ol className={classes.parts} aria-label={i18n._("Parts")}>
            {items.map(partOf)}
          </ol>
          <Together of={key} items={items} onLeft={setLeft} onChanged={onChanged} />
        </>
      )}
    </OnlineOnly>
  );
}
