import { useLingui } from "@lingui/react";
import { Alert, Button, Textarea } from "@mantine/core";
import * as z from "zod";
import {
  type EmergencyReview,
  emergencyAccessSchema,
  emergencyReviewSchema,
} from "#domain/emergency-access/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { dateTimeText, timeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { ask, useSession } from "#pwa/local/index.ts";
import { PatientIdentity } from "#pwa/patient/index.ts";
import { OfficerList } from "#pwa/review/officer-list.tsx";
import { reviewChanged } from "#pwa/review/review-changed.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./review.module.css";

const answer = z.object({ items: z.array(emergencyReviewSchema) });

/** Who read on a tablet after its offline time had ended, and why: the privacy officer looks at each once (C23). */
export function EmergencyReviewPage() {
  const may = useMay();
  if (!may("emergency:review")) return <DeniedPage permission="emergency:review" />;
  return <EmergencyReviews />;
}

function EmergencyReviews() {
  const { i18n } = useLingui();
  return (
    <OfficerList
      path="/api/emergency-access"
      answer={answer}
      title={i18n._("Emergency access")}
      intro={i18n._(
        "Somebody opened today's list and the safety cards on a tablet that had been away from the clinic too long.",
      )}
      loading={i18n._("Emergency accesses are being opened")}
      empty={{
        title: i18n._("Nobody needed it"),
        text: i18n._("It appears here as soon as the tablet reaches the clinic again."),
      }}
    >
      {(item, reload) => <Item item={item} onReviewed={reload} />}
    </OfficerList>
  );
}

interface ItemProps {
  readonly item: EmergencyReview;
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
      <CardsOpened item={item} zone={zone} />
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

/** Whose card it was about. Today's list was on the screen in any case. */
function CardsOpened({ item, zone }: { readonly item: EmergencyReview; readonly zone: string }) {
  const { i18n } = useLingui();
  if (item.patients.length === 0)
    return (
      <p className={itemList.meta}>
        {i18n._("Today's list was on the screen. The device reported no safety card that was opened.")}
      </p>
    );
  return (
    <section className={classes.cards} aria-label={i18n._("Safety cards opened")}>
      <h3 className={classes.cardsTitle}>
        {i18n._("{count, plural, one {# safety card was opened} other {# safety cards were opened}}", {
          count: item.patients.length,
        })}
      </h3>
      <ul className={classes.patients}>
        {item.patients.map(({ id, at }) => (
          <li key={id}>
            <PatientIdentity patientId={id} />
            <span className={classes.time}>{timeText(at, zone)}</span>
          </li>
        ))}
      </ul>
    </section>
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
