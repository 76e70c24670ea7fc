import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import { patientName } from "#domain/patient/index.ts";
import type { MutationName } from "#domain/registry.ts";
import { asksForDecision } from "#domain/sync/review.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { codeText } from "#pwa/language/error-text.ts";
import { birthDateText, dateTimeText, timeText } from "#pwa/language/language.ts";
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
    time: (at: string) => timeText(at, practice?.zone ?? "UTC"),
  };
}

const decisionText = (i18n: I18n, decision: NonNullable<ReviewItem["decision"]>): string =>
  ({
    adopted: i18n._("Taken over"),
    discarded: i18n._("Discarded"),
    "taken-back": i18n._("Taken back"),
  })[decision];

/** Whose it is; null where this tablet does not know the patient. */
export function usePatientText(patientId: string | null): string | null {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", patientId ?? "");
  if (!patient) return null;
  return i18n._("{name}, born {birthDate}", {
    name: patientName(patient),
    birthDate: birthDateText(patient.birthDate),
  });
}

/** By whom it was written, and on what; everything else about when is the caller's. */
export function useAuthorText({ authorId, device }: Pick<ReviewItem, "authorId" | "device">): string {
  const { i18n } = useLingui();
  const author = useStaffName(authorId) || i18n._("Somebody");
  return device
    ? i18n._("Written by {author} on “{device}”", { author, device })
    : i18n._("Written by {author}", { author });
}

/** To whom it was handed, and why the clinic had refused it. */
export function HandedTo({ item }: { readonly item: ReviewItem }) {
  const { i18n } = useLingui();
  const name = useStaffName(item.handedTo ?? "") || i18n._("Somebody");
  return (
    item.handedTo && (
      <p className={itemList.meta}>
        {item.refusal
          ? i18n._("Handed to {name}. The clinic had refused it: {why}", {
              name,
              why: codeText(item.refusal),
            })
          : i18n._("Handed to {name}.", { name })}
      </p>
    )
  );
}

export function DecidedBy({ item }: { readonly item: ReviewItem }) {
  const { i18n } = useLingui();
  const words = useReviewWords();
  const name = useStaffName(item.decidedBy ?? "") || i18n._("Somebody");
  return (
    item.decidedAt && (
      <p className={itemList.meta}>
        {i18n._("Decided by {name}, {when}", { name, when: words.when(item.decidedAt) })}
      </p>
    )
  );
}

interface ItemBadgeProps {
  readonly item: ReviewItem;
  /** Also that it waits is said: to somebody who cannot do anything about it. */
  readonly waiting?: boolean | undefined;
}

/** What became of it. */
export function ItemBadge({ item: { name, decision }, waiting }: ItemBadgeProps) {
  const { i18n } = useLingui();
  if (decision)
    return (
      <StateBadge tone={decision === "adopted" ? "good" : "plain"}>{decisionText(i18n, decision)}</StateBadge>
    );
  return waiting && asksForDecision(name) && <StateBadge tone="warn">{i18n._("Waiting")}</StateBadge>;
}

/** A report stands in the log whatever anybody decides. */
export function Recorded({ item }: { readonly item: ReviewItem }) {
  const { i18n } = useLingui();
  return (
    !asksForDecision(item.name) && (
      <p className={itemList.meta}>{i18n._("Stands in the audit log. Nothing to decide.")}</p>
    )
  );
}

interface ReviewFactsProps {
  readonly item: ReviewItem;
  /** Of the heading. */
  readonly id: string;
  readonly waiting?: boolean;
}

/** What it is, for whom, whose and when: everything that may be said of it to whoever sees the list. */
export function ReviewFacts({ item, id, waiting }: ReviewFactsProps) {
  const { i18n } = useLingui();
  const words = useReviewWords();
  const patient = usePatientText(item.patientId);
  const written = useAuthorText(item);
  return (
    <div className={itemList.facts}>
      <h3 className={classes.what} id={id}>
        {words.what(item)}
        <ItemBadge item={item} waiting={waiting} />
      </h3>
      {patient && <p className={classes.patient}>{patient}</p>}
      <p className={itemList.meta}>
        {i18n._("{written}, {at} · arrived {received}", {
          written,
          at: words.when(item.writtenAt),
          received: words.when(item.receivedAt),
        })}
      </p>
      <HandedTo item={item} />
      <DecidedBy item={item} />
      <Recorded item={item} />
    </div>
  );
}
