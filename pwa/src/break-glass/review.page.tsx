import { useLingui } from "@lingui/react";
import { Alert, Button, Textarea } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import * as z from "zod";
import { auditActions, isAuditAction } from "#domain/audit/actions.ts";
import { type BreakGlassReview, breakGlassReviewSchema } from "#domain/break-glass/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { Choices } from "#pwa/design/choice-chips.tsx";
import itemList from "#pwa/design/item-list.module.css";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { dateTimeText, dayText, timeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { ask, useSession } from "#pwa/local/index.ts";
import { PatientIdentity } from "#pwa/patient/index.ts";
import { OfficerList } from "#pwa/review/officer-list.tsx";
import { reviewChanged } from "#pwa/review/review-changed.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import classes from "./break-glass.module.css";
import { reasonText } from "./reason-text.ts";

const answer = z.object({ items: z.array(breakGlassReviewSchema) });

/** Who opened a restricted chart from outside its care team, and why: the privacy officer looks at each once (C16). */
export function GlassReviewPage() {
  const may = useMay();
  if (!may("break-glass:review")) return <DeniedPage permission="break-glass:review" />;
  return <GlassReviews />;
}

function GlassReviews() {
  const { i18n } = useLingui();
  return (
    <OfficerList
      path="/api/break-glass"
      answer={answer}
      title={i18n._("Broken glass")}
      intro={i18n._(
        "Somebody outside the care team opened a restricted chart for an hour. Each is reviewed within three working days.",
      )}
      loading={i18n._("Opened charts are being fetched")}
      empty={{
        title: i18n._("Nobody broke the glass"),
        text: i18n._("It appears here the moment that somebody does."),
      }}
    >
      {(item, reload) => <Item item={item} onReviewed={reload} />}
    </OfficerList>
  );
}

interface ItemProps {
  readonly item: BreakGlassReview;
  readonly onReviewed: () => void;
}

function Item({ item, onReviewed }: ItemProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const name = useStaffName(item.userId) || i18n._("Somebody");
  return (
    <li
      className={`${itemList.card} ${classes.card}`}
      data-waiting={item.reviewedAt === null || undefined}
      data-overdue={item.overdue || undefined}
    >
      <h2 className={classes.who}>
        {name} <span>{roleText(i18n, item.role)}</span>
      </h2>
      <p className={classes.whose}>
        <PatientIdentity patientId={item.patientId} />
      </p>
      <p className={itemList.meta}>
        {item.endedAt
          ? i18n._("{from} to {until}", {
              from: dateTimeText(item.begunAt, zone),
              until: timeText(item.endedAt, zone),
            })
          : i18n._("{from}, open until {until} at the latest", {
              from: dateTimeText(item.begunAt, zone),
              until: timeText(item.until, zone),
            })}
      </p>
      <p className={classes.reason}>
        <strong>{reasonText(i18n, item.reason)}.</strong> {item.words}
      </p>
      <Under item={item} zone={zone} />
      {item.reviewedAt === null ? (
        <Waiting item={item} zone={zone} onReviewed={onReviewed} />
      ) : (
        <Reviewed item={item} zone={zone} />
      )}
    </li>
  );
}

interface ZonedProps {
  readonly item: BreakGlassReview;
  readonly zone: string;
}

/** What the log holds of it. The words of the chart are not the officer's to read here. */
function Under({ item, zone }: ZonedProps) {
  const { i18n } = useLingui();
  return (
    <section className={classes.under} aria-label={i18n._("What was done under it")}>
      <h3>{i18n._("What was done under it")}</h3>
      {item.under.length === 0 ? (
        <p className={itemList.meta}>{i18n._("Nothing was opened or changed so far.")}</p>
      ) : (
        <ul>
          {item.under.map(({ at, action, count }) => (
            <li key={action}>
              <span className={classes.time}>{timeText(at, zone)}</span>
              <span>
                {isAuditAction(action) ? i18n._(auditActions[action]) : action}
                {count > 1 && ` · ${i18n._("{count, plural, one {once} other {# times}}", { count })}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Reviewed({ item, zone }: ZonedProps) {
  const { i18n } = useLingui();
  const reviewer = useStaffName(item.reviewedBy ?? "") || i18n._("Somebody");
  const justified = item.outcome === "justified";
  return (
    <p className={itemList.meta}>
      <StateBadge tone={justified ? "good" : "bad"}>
        {justified ? i18n._("Justified") : i18n._("Not justified")}
      </StateBadge>{" "}
      {i18n._("Reviewed by {name}, {when}", {
        name: reviewer,
        when: item.reviewedAt ? dateTimeText(item.reviewedAt, zone) : "",
      })}
      {item.reviewNote && ` · ${item.reviewNote}`}
    </p>
  );
}

function Waiting({ item, zone, onReviewed }: ZonedProps & ItemProps) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const due = dayText(new Date(Date.parse(item.dueAt) - 1), zone);
  return (
    <>
      <p className={classes.due}>
        {item.overdue ? (
          <StateBadge tone="bad" icon={IconAlertTriangle}>
            {i18n._("Overdue: the review was due on {due}", { due })}
          </StateBadge>
        ) : (
          <span className={itemList.meta}>{i18n._("Review due by the end of {due}", { due })}</span>
        )}
      </p>
      {item.userId === user?.id ? (
        <p className={itemList.meta}>{i18n._("Somebody else has to review what you did.")}</p>
      ) : item.endedAt === null ? (
        <p className={itemList.meta}>{i18n._("It can be reviewed when the chart is closed again.")}</p>
      ) : (
        <ReviewForm item={item} onReviewed={onReviewed} />
      )}
    </>
  );
}

function ReviewForm({ item, onReviewed }: ItemProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const kept = useKeptForm({ form: "break-glass.review", of: item.id });
  const [outcome, setOutcome] = useKept<"justified" | "not-justified" | null>(kept, "outcome", null);
  const [note, setNote] = useKept(kept, "note", "");
  const incomplete = outcome === null || (outcome === "not-justified" && note.trim().length < 3);
  const review = async () => {
    const body = { outcome, note: note.trim() };
    const path = `/api/break-glass/${item.id}/review`;
    if (await saving.save(() => ask(path, { method: "POST", body, answer: breakGlassReviewSchema })))
      kept.end();
    onReviewed();
    reviewChanged();
  };
  return (
    <div className={classes.form}>
      <KeptLine kept={kept} />
      <Choices
        label={i18n._("Was it justified?")}
        options={[
          { value: "justified", label: i18n._("Justified") },
          { value: "not-justified", label: i18n._("Not justified"), tone: "bad" },
        ]}
        value={outcome === null ? [] : [outcome]}
        onChange={([chosen]) => setOutcome(chosen ?? null)}
      />
      <Textarea
        size="md"
        label={outcome === "not-justified" ? i18n._("What you found") : i18n._("What you found (optional)")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={500}
        autosize
      />
      <Button loading={saving.busy} disabled={incomplete} onClick={() => void review()}>
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
