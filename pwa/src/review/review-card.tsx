import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import type { ReviewGroup } from "#domain/sync/review-groups.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import itemList from "#pwa/design/item-list.module.css";
import { GroupFacts } from "./group-facts.tsx";
import { PartLine } from "./group-part.tsx";
import { OpenedGroup } from "./opened-group.tsx";
import { DecideFirst, OpenedReview } from "./opened-review.tsx";
import classes from "./review.module.css";
import { ReviewFacts } from "./review-facts.tsx";

const headingOf = ({ items }: ReviewGroup): string => `review-${items[0].id}`;

interface ReviewCardProps {
  readonly group: ReviewGroup;
  readonly waiting: readonly ReviewItem[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onChanged: () => void;
}

/** What somebody decides about together: one entry, or several that belong together. */
export function ReviewCard({ group, waiting, isOpen, onToggle, onChanged }: ReviewCardProps) {
  const { i18n } = useLingui();
  const heading = headingOf(group);
  const [first, second] = group.items;
  return (
    <li>
      <article className={itemList.card} aria-labelledby={heading}>
        <div className={itemList.line}>
          {second ? (
            <GroupFacts group={group} id={heading} brief={!isOpen} />
          ) : (
            <ReviewFacts item={first} id={heading} />
          )}
          <Button
            variant={isOpen ? "default" : "filled"}
            aria-expanded={isOpen}
            aria-controls={`${heading}-content`}
            onClick={onToggle}
          >
            {isOpen ? i18n._("Close") : i18n._("Open")}
          </Button>
        </div>
        {!second && <DecideFirst item={first} first={waiting.find(({ id }) => id === first.after)} />}
        <div id={`${heading}-content`}>
          {isOpen &&
            (second ? (
              <OpenedGroup group={group} waiting={waiting} onChanged={onChanged} />
            ) : (
              <OpenedReview item={first} onDecided={onChanged} onStale={onChanged} />
            ))}
        </div>
      </article>
    </li>
  );
}

/** The same for somebody who has nothing to decide about it: it is decided, or it is others' to decide. */
export function ShownCard({ group }: { readonly group: ReviewGroup }) {
  const { i18n } = useLingui();
  const heading = headingOf(group);
  const [first, second] = group.items;
  return (
    <li>
      <article className={itemList.card} aria-labelledby={heading}>
        {second ? (
          <>
            <GroupFacts group={group} id={heading} brief={false} />
            <ol className={classes.parts} aria-label={i18n._("Parts")}>
              {group.items.map((item) => (
                <PartLine key={item.id} item={item} waiting />
              ))}
            </ol>
          </>
        ) : (
          <ReviewFacts item={first} id={heading} waiting />
        )}
      </article>
    </li>
  );
}
