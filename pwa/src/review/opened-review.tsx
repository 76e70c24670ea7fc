import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import {
  type OpenedItem,
  openedItemSchema,
  type ReviewItem,
  reviewItemSchema,
} from "#domain/sync/review-items.ts";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { ReasonDialog } from "#pwa/design/reason-dialog.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { ask, useAnswer } from "#pwa/local/index.ts";
import { keepAtHand } from "./at-hand.ts";
import { PlaceLink } from "./place-link.tsx";
import classes from "./review.module.css";
import { ReviewContent } from "./review-content.tsx";
import { useReviewWords } from "./review-facts.tsx";

interface OpenedReviewProps {
  readonly item: ReviewItem;
  readonly onDecided: () => void;
  /** The list may not be what it was. */
  readonly onStale: () => void;
}

/** One item's words, and what to do with it. That it was opened is recorded at the clinic. */
export function OpenedReview({ item, onDecided, onStale }: OpenedReviewProps) {
  const { i18n } = useLingui();
  const answered = useAnswer(`/api/quarantine/${item.id}`, openedItemSchema);
  return (
    <OnlineOnly answered={answered} label={i18n._("The entry is being opened")}>
      {(opened) => (
        <>
          <WrittenAs item={opened} />
          <ItemWords opened={opened} />
          <Decision item={item} opened={opened} onDecided={onDecided} onStale={onStale} />
        </>
      )}
    </OnlineOnly>
  );
}

interface ItemWordsProps {
  readonly opened: OpenedItem;
  /** Without a heading over words that have nothing beside them. */
  readonly plain?: boolean;
}

/** Everything that its author wrote. */
export function ItemWords({ opened, plain }: ItemWordsProps) {
  return (
    <>
      {opened.words && <blockquote className={classes.quote}>{opened.words}</blockquote>}
      {opened.unread.length > 0 ? (
        <Unread texts={opened.unread} />
      ) : (
        <ReviewContent item={opened} plain={plain} />
      )}
      <Sound parts={opened.soundParts} />
    </>
  );
}

interface DecideFirstProps {
  readonly item: ReviewItem;
  /** What has to be decided before it, where it is on the list. */
  readonly first: ReviewItem | undefined;
}

export function DecideFirst({ item, first }: DecideFirstProps) {
  const { i18n } = useLingui();
  const words = useReviewWords();
  if (item.after === null) return null;
  return (
    <p className={classes.first}>
      {first
        ? i18n._("Decide first: {what}, {when}", {
            what: words.what(first),
            when: words.when(first.writtenAt),
          })
        : i18n._("Something written before it has to be decided first.")}
    </p>
  );
}

/** As what it was written, and where it belongs. */
export function WrittenAs({ item }: { readonly item: OpenedItem }) {
  const { i18n } = useLingui();
  const { name, args, patientId, authorId } = item;
  return (
    <p className={classes.note}>
      {i18n._("Written as {role}.", { role: roleText(i18n, item.role) })}{" "}
      <PlaceLink
        mutation={{ name, args: args ?? { id: "" } }}
        patientId={patientId}
        onFollow={() => keepAtHand({ name, args, patientId, authorId, from: "/review" })}
      />
    </p>
  );
}

/** Written by a release that this one cannot read: its words all the same, in their order. */
function Unread({ texts }: { readonly texts: readonly string[] }) {
  const { i18n } = useLingui();
  return (
    <>
      <p className={classes.note}>
        {i18n._(
          "An older version of JamEMR wrote this, so it cannot be taken over. Enter it again by hand, then discard it here.",
        )}
      </p>
      <blockquote className={classes.quote}>
        {texts.map((text, index) => (
          <p key={index}>{text}</p>
        ))}
      </blockquote>
    </>
  );
}

/** What begins a recording: its sound comes whether or not anybody has decided. */
function Sound({ parts }: { readonly parts: number | null }) {
  const { i18n } = useLingui();
  return (
    parts !== null && (
      <p className={classes.note}>
        {parts > 0
          ? i18n._("Its sound is at the clinic, sealed. It can be heard once this is taken over.")
          : i18n._("It begins a recording, of which no sound has arrived yet.")}
      </p>
    )
  );
}

interface DecisionProps extends OpenedReviewProps {
  readonly opened: OpenedItem;
}

/** Takes one over, or discards it with a reason. */
export function Decision({ item, opened, onDecided, onStale }: DecisionProps) {
  const { i18n } = useLingui();
  const [discarding, setDiscarding] = useState(false);
  const saving = useSaving();
  const decide = (body: { decision: "adopt" } | { decision: "discard"; reason: string }) =>
    ask(`/api/quarantine/${item.id}/decision`, { method: "POST", body, answer: reviewItemSchema });
  const adopt = async () => {
    try {
      await decide({ decision: "adopt" });
      onDecided();
    } catch (error) {
      onStale();
      throw error;
    }
  };
  const adoptable = opened.args !== null && !opened.ownHand;
  return (
    <div className={classes.decision}>
      {opened.ownHand && (
        <p className={classes.note}>{i18n._("A signature is its author's own: nobody can take it over.")}</p>
      )}
      {saving.failure && (
        <p role="alert" className={classes.failure}>
          {saving.failure}{" "}
          {opened.args !== null &&
            i18n._(
              "It can be entered another way: open the place above, its words stay in sight. Then discard it here.",
            )}
        </p>
      )}
      <div className={classes.actions}>
        {adoptable && (
          <Button
            loading={saving.busy}
            disabled={item.after !== null}
            onClick={() => void saving.save(adopt)}
          >
            {i18n._("Take over")}
          </Button>
        )}
        <Button variant="default" disabled={saving.busy} onClick={() => setDiscarding(true)}>
          {i18n._("Discard…")}
        </Button>
      </div>
      {discarding && (
        <DiscardDialog
          id={item.id}
          onClose={() => setDiscarding(false)}
          onDiscard={async (reason) => {
            await decide({ decision: "discard", reason });
            onDecided();
          }}
        />
      )}
    </div>
  );
}

interface DiscardDialogProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onDiscard: (reason: string) => Promise<void>;
}

function DiscardDialog({ id, onClose, onDiscard }: DiscardDialogProps) {
  const { i18n } = useLingui();
  return (
    <ReasonDialog
      place={{ form: "review.discard", of: id }}
      title={i18n._("Discard this entry")}
      submit={i18n._("Discard")}
      danger
      usual={i18n._("Entered corrected")}
      onClose={onClose}
      onReason={onDiscard}
    >
      <p className={classes.note}>
        {i18n._("Nothing of it goes into the record. A sealed copy stays at the clinic.")}
      </p>
    </ReasonDialog>
  );
}
