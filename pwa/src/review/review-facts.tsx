import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import { patientName } from "#domain/patient/index.ts";
import type { MutationName } from "#domain/registry.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { codeText } from "#pwa/language/error-text.ts";
import { birthDateText, dateTimeText } from "#pwa/language/language.ts";
import { useRow, useSession } from "#pwa/local/index.ts";
import { mutationText } from "#pwa/outbox/mutation-text.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./review.module.css";

/** What something is, and when it was, in words. */
export function useReviewWords() {
  const { i18n } = useLingui();
  const { practice } = useSession();
  return {
    what: ({ name }: Pick<ReviewItem, "name">) => mutationText(i18n, name as MutationName),
    when: (at: string) => dateTimeText(at, practice?.zone ?? "UTC"),
  };
}

const decisionText = (i18n: I18n, decision: NonNullable<ReviewItem["decision"]>): string =>
  ({
    adopted: i18n._("Taken over"),
    discarded: i18n._("Discarded"),
    "taken-back": i18n._("Taken back"),
  })[decision];

/** What it is, for whom, whose and when: everything that may be said of it to whoever sees the list. */
export function ReviewFacts({ item }: { readonly item: ReviewItem }) {
  const { i18n } = useLingui();
  const words = useReviewWords();
  const author = useStaffName(item.authorId) || i18n._("Somebody");
  const handedTo = useStaffName(item.handedTo ?? "") || i18n._("Somebody");
  const decider = useStaffName(item.decidedBy ?? "") || i18n._("Somebody");
  const { row: patient } = useRow("patient", item.patientId ?? "");
  return (
    <div className={itemList.facts}>
      <h3 className={classes.what}>
        {words.what(item)}
        {item.decision && (
          <StateBadge tone={item.decision === "adopted" ? "good" : "plain"}>
            {decisionText(i18n, item.decision)}
          </StateBadge>
        )}
      </h3>
      {patient && (
        <p className={classes.patient}>
          {i18n._("{name}, born {birthDate}", {
            name: patientName(patient),
            birthDate: birthDateText(patient.birthDate),
          })}
        </p>
      )}
      <p className={itemList.meta}>
        {i18n._("Written by {author}, {written} · arrived {received}", {
          author,
          written: words.when(item.writtenAt),
          received: words.when(item.receivedAt),
        })}
      </p>
      {item.handedTo && (
        <p className={itemList.meta}>
          {item.refusal
            ? i18n._("Handed to {name}. The clinic had refused it: {why}", {
                name: handedTo,
                why: codeText(item.refusal),
              })
            : i18n._("Handed to {name}.", { name: handedTo })}
        </p>
      )}
      {item.decidedAt && (
        <p className={itemList.meta}>
          {i18n._("Decided by {name}, {when}", { name: decider, when: words.when(item.decidedAt) })}
        </p>
      )}
    </div>
  );
}
