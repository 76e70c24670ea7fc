import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import { isOwnHand } from "#domain/sync/review.ts";
import { isOpen } from "#domain/sync/review-groups.ts";
import { type ReviewItem, reviewItemSchema } from "#domain/sync/review-items.ts";
import { ReasonDialog } from "#pwa/design/reason-dialog.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { ask } from "#pwa/local/index.ts";
import { discardTogether, type Left, type TakenOver, takeOverTogether } from "./decide-together.ts";
import classes from "./review.module.css";

type Body = { readonly decision: "adopt" } | { readonly decision: "discard"; readonly reason: string };

const decide = (id: string, body: Body) =>
  ask(`/api/quarantine/${id}/decision`, { method: "POST", body, answer: reviewItemSchema });

interface TogetherProps {
  /** The group. */
  readonly of: string;
  readonly items: readonly ReviewItem[];
  readonly onLeft: (left: ReadonlyMap<string, Left>) => void;
  readonly onChanged: () => void;
}

/** One decision for all parts that nobody has decided about yet. At the clinic each is a decision of its own. */
export function Together({ of, items, onLeft, onChanged }: TogetherProps) {
  const { i18n } = useLingui();
  const open = items.filter(isOpen);
  const signed = open.filter(({ name }) => isOwnHand(name)).length;
  const taking = useTaking(open, onLeft, onChanged);
  const [discarding, setDiscarding] = useState(false);
  return (
    <div className={classes.together}>
      <p role="status" className={classes.progress}>
        {taking.words}
      </p>
      {signed > 0 && (
        <p className={classes.note}>
          {i18n._(
            "A signature is its author's own: nobody can take it over. Discard it once the rest is decided.",
          )}
        </p>
      )}
      <div className={classes.actions}>
        {signed < open.length && (
          <Button loading={taking.busy} onClick={() => void taking.take()}>
            {i18n._("Take all over")}
          </Button>
        )}
        <Button variant="default" disabled={taking.busy} onClick={() => setDiscarding(true)}>
          {i18n._("Discard all…")}
        </Button>
      </div>
      {discarding && (
        <ReasonDialog
          place={{ form: "review.discard", of }}
          title={i18n._("{count, plural, one {Discard # entry} other {Discard all # entries}}", {
            count: open.length,
          })}
          submit={i18n._("Discard all")}
          danger
          usual={i18n._("Entered corrected")}
          onClose={() => setDiscarding(false)}
          onReason={async (reason) => {
            try {
              await discardTogether(open, (id) => decide(id, { decision: "discard", reason }));
              setDiscarding(false);
            } finally {
              onChanged();
            }
          }}
        >
          <p className={classes.note}>
            {i18n._("Nothing of them goes into the record. Sealed copies stay at the clinic.")}
          </p>
        </ReasonDialog>
      )}
    </div>
  );
}

/** Takes over what can be, and says how far it came. */
function useTaking(
  open: readonly ReviewItem[],
  onLeft: TogetherProps["onLeft"],
  onChanged: TogetherProps["onChanged"],
) {
  const { i18n } = useLingui();
  const [of, setOf] = useState<number | null>(null);
  const [done, setDone] = useState(0);
  const [result, setResult] = useState<TakenOver | null>(null);
  const take = async () => {
    setOf(open.length);
    setDone(0);
    setResult(null);
    onLeft(new Map());
    const taken = await takeOverTogether(
      open,
      (id) => decide(id, { decision: "adopt" }),
      () => setDone((count) => count + 1),
    );
    setResult(taken);
    onLeft(taken.left);
    setOf(null);
    onChanged();
  };
  const counts = [...(result?.left.values() ?? [])];
  const words = [
    of !== null && i18n._("{done} of {count} taken over", { done, count: of }),
    result &&
      i18n._("{done, plural, =0 {None was taken over.} one {# was taken over.} other {# were taken over.}}", {
        done,
      }),
    result &&
      i18n._(
        "{refused, plural, =0 {} one {# was refused; it says why.} other {# were refused; each says why.}}",
        {
          refused: counts.filter((left) => typeof left === "object").length,
        },
      ),
    result &&
      i18n._(
        "{waits, plural, =0 {} one {# waits for what it builds on.} other {# wait for what they build on.}}",
        {
          waits: counts.filter((left) => left === "waits").length,
        },
      ),
    result?.stopped
      ? i18n._("Then it stopped: {why} The rest goes on waiting.", { why: errorText(result.stopped) })
      : "",
  ];
  return { busy: of !== null, take, words: words.filter(Boolean).join(" ") };
}
