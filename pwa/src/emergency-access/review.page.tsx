import { useLingui } from "@lingui/react";
import { Alert, Button, Textarea } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import * as z from "zod";
import { type EmergencyAccess, emergencyAccessSchema } from "#domain/emergency-access/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { dateTimeText, timeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { ask, useAnswer, useSession } from "#pwa/local/index.ts";
import { reviewChanged } from "#pwa/review/review-changed.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./review.module.css";

const answer = z.object({ items: z.array(emergencyAccessSchema) });
/** Milliseconds between two looks at the list while it is open. */
const EVERY = 30_000;

/** Who read on a tablet after its offline time had ended, and why: the privacy officer looks at each once (C23). */
export function EmergencyReviewPage() {
  const may = useMay();
  if (!may("emergency:review")) return <DeniedPage permission="emergency:review" />;
  return <EmergencyReviews />;
}

function EmergencyReviews() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/emergency-access", answer, EVERY);
  return (
    <>
      <header className={itemList.head}>
        <h1 className={itemList.title}>{i18n._("Emergency access")}</h1>
        <AsOf {...answered} />
      </header>
      <p className={itemList.intro}>
        {i18n._(
          "Somebody opened today's list and the safety cards on a tablet that had been away from the clinic too long.",
        )}
      </p>
      <OnlineOnly answered={answered} label={i18n._("Emergency accesses are being opened")}>
        {({ items }) =>
          items.length === 0 ? (
            <State icon={IconChecks} title={i18n._("Nobody needed it")}>
              {i18n._("It appears here as soon as the tablet reaches the clinic again.")}
            </State>
          ) : (
            <ul className={itemList.list}>
              {items.map((item) => (
                <Item key={item.id} item={item} onReviewed={answered.reload} />
              ))}
            </ul>
          )
        }
      </OnlineOnly>
    </>
  );
}

interface ItemProps {
  readonly item: EmergencyAccess;
  readonly onReviewed: () => void;
}

function Item({ item, onReviewed }: ItemProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const name = useStaffName(item.userId) || i18n._("Somebody");
  const reviewer = useStaffName(item.reviewedBy ?? "") || i18n._("Somebody");
  return (
    <li className={`${itemList.card} ${classes.card}`} data-waiting={item.reviewedAt === null || undefined}>
      <h2 className={classes.who}>
        {name} <span>{roleText(i18n, item.role)}</span>
      </h2>
      <p className={itemList.meta}>
        {i18n._("{from} to {until}, by the tablet's clock", {
          from: dateTimeText(item.begunAt, zone),
          until: timeText(item.until, zone),
        })}
      </p>
      <p className={classes.reason}>{item.reason}</p>
      {item.reviewedAt === null ? (
        <ReviewForm item={item} onReviewed={onReviewed} />
      ) : (
        <p className={itemList.meta}>
          {i18n._("Reviewed by {name}, {when}", {
            name: reviewer,
            when: dateTimeText(item.reviewedAt, zone),
          })}
          {item.reviewNote && ` · ${item.reviewNote}`}
        </p>
      )}
    </li>
  );
}

function ReviewForm({ item, onReviewed }: ItemProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const saving = useSaving();
  const kept = useKeptForm({ form: "emergency.review", of: item.id });
  const [note, setNote] = useKept(kept, "note", "");
  if (item.userId === user?.id)
    return <p className={itemList.meta}>{i18n._("Somebody else has to review what you did.")}</p>;
  const review = async () => {
    const body = { note: note.trim() };
    const path = `/api/emergency-access/${item.id}/review`;
    if (await saving.save(() => ask(path, { method: "POST", body, answer: emergencyAccessSchema })))
      kept.end();
    onReviewed();
    reviewChanged();
  };
  return (
    <div className={classes.form}>
      <KeptLine kept={kept} />
      <Textarea
        size="md"
        label={i18n._("What you found (optional)")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
        autosize
      />
      <Button loading={saving.busy} onClick={() => void review()}>
        {i18n._("Mark as reviewed")}
      </Button>
      {saving.failure && (
        <Alert color="red" variant="light" role="alert">
          {saving.failure}
        </Alert>
      )}
    </div>
  );
}
