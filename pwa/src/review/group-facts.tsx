import { useLingui } from "@lingui/react";
import { dateIn } from "#domain/kernel/instant.ts";
import type { ReviewGroup } from "#domain/sync/review-groups.ts";
import itemList from "#pwa/design/item-list.module.css";
import { useSession } from "#pwa/local/index.ts";
import classes from "./review.module.css";
import { HandedTo, useAuthorText, usePatientText, useReviewWords } from "./review-facts.tsx";

interface GroupFactsProps {
  readonly group: ReviewGroup;
  /** Of the heading. */
  readonly id: string;
  /** What the parts are, where they are not listed below. */
  readonly brief: boolean;
}

/** Whose record several entries are about, who wrote them on what and when, and what they are in a line. */
export function GroupFacts({ group: { items }, id, brief }: GroupFactsProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const words = useReviewWords();
  const [first] = items;
  const last = items.at(-1)!;
  const patient = usePatientText(first.patientId);
  const written = useAuthorText(first);
  const zone = practice?.zone ?? "UTC";
  const [from, until] = [words.when(first.writtenAt), words.when(last.writtenAt)];
  const oneDay = dateIn(zone, first.writtenAt) === dateIn(zone, last.writtenAt);
  const kinds = Map.groupBy(items, (item) => words.what(item));
  return (
    <div className={itemList.facts}>
      <h3 className={classes.what} id={id}>
        {patient ?? i18n._("A patient who is not on this device")}
      </h3>
      <p className={itemList.meta}>
        {i18n._("{written}, {at} · arrived {received}", {
          written,
          at:
            from === until
              ? from
              : i18n._("{from} to {until}", { from, until: oneDay ? words.time(last.writtenAt) : until }),
          received: words.when(first.receivedAt),
        })}
      </p>
      <HandedTo item={first} />
      {brief && (
        <p className={classes.kinds}>
          {[...kinds]
            .map(([what, own]) =>
              own.length > 1 ? i18n._("{what} ({count})", { what, count: own.length }) : what,
            )
            .join(" · ")}
        </p>
      )}
    </div>
  );
}
