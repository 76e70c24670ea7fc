import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { patientName } from "#domain/patient/index.ts";
import itemList from "#pwa/design/item-list.module.css";
import { useRow, useSession, useValue } from "#pwa/local/index.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { type AtHand, atHand } from "./at-hand.ts";
import classes from "./review.module.css";
import { ReviewContent } from "./review-content.tsx";
import { useReviewWords } from "./review-facts.tsx";

/** Somebody's words above the screen where they are entered corrected. */
export function AtHandStrip() {
  const words = useValue(atHand);
  return words && <Strip words={words} />;
}

function Strip({ words }: { readonly words: AtHand }) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const { what } = useReviewWords();
  const { row: patient } = useRow("patient", words.patientId ?? "");
  const author = useStaffName(words.authorId) || i18n._("Somebody");
  return (
    <aside className={classes.atHand} aria-label={i18n._("Words at hand")}>
      <div className={itemList.line}>
        <div className={itemList.facts}>
          <h2 className={classes.what}>{what(words)}</h2>
          <p className={itemList.meta}>
            {[
              patient && patientName(patient),
              words.authorId === user?.id
                ? i18n._("Written by you")
                : i18n._("Written by {author}", { author }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <Link to={words.from} className={classes.link} onClick={() => atHand.set(null)}>
          {words.from === "/review" ? i18n._("Back to the review") : i18n._("Back to what is waiting")}
        </Link>
        <Button variant="default" onClick={() => atHand.set(null)}>
          {i18n._("Put away")}
        </Button>
      </div>
      <ReviewContent item={{ ...words, present: null }} />
    </aside>
  );
}
