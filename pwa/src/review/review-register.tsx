import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconChecks } from "@tabler/icons-react";
import * as z from "zod";
import { groupReview } from "#domain/sync/review-groups.ts";
import { type ReviewItem, reviewItemSchema } from "#domain/sync/review-items.ts";
import { CaptureRegister } from "#pwa/capture/capture-register.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useAnswer } from "#pwa/local/index.ts";
import { ShownCard } from "./review-card.tsx";
import { useReviewNews } from "./review-changed.ts";

const answer = z.object({ items: z.array(reviewItemSchema) });
const EVERY = 30_000;

/** For the privacy officer: what waits for review, whose it is and what was decided, without its words. */
export function ReviewRegister({ onBack }: { readonly onBack: () => void }) {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/quarantine", answer, EVERY);
  useReviewNews(answered.reload);
  return (
    <>
      <Button variant="subtle" leftSection={<IconArrowLeft size={20} aria-hidden />} onClick={onBack}>
        {i18n._("Audit log")}
      </Button>
      <header className={itemList.head}>
        <h1 className={itemList.title}>{i18n._("Waiting for review")}</h1>
        <AsOf {...answered} />
      </header>
      <OnlineOnly answered={answered} label={i18n._("What waits for review is being opened")}>
        {({ items }) =>
          items.length === 0 ? (
            <State icon={IconChecks} title={i18n._("Nothing waits for review")}>
              {i18n._("Work that arrives after somebody's access ended appears here.")}
            </State>
          ) : (
            <>
              <p className={itemList.intro}>
                {i18n._(
                  "A clinician decides about clinical work, the front desk about appointments and demographics.",
                )}
              </p>
              <Groups items={items} />
            </>
          )
        }
      </OnlineOnly>
      <CaptureRegister />
    </>
  );
}

function Groups({ items }: { readonly items: readonly ReviewItem[] }) {
  const { waiting, past } = groupReview(items);
  return (
    <ul className={itemList.list}>
      {[...waiting, ...past].map((group) => (
        <ShownCard key={group.items[0].id} group={group} />
      ))}
    </ul>
  );
}
