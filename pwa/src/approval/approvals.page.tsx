import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useState } from "react";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { type Approval, approvalSchema, approverRoles, mayDecide } from "#domain/approval/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge, type Tone } from "#pwa/design/badge.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, useAnswer, useRows, useSession } from "#pwa/local/index.ts";
import { reviewChanged, useReviewNews } from "#pwa/review/review-changed.ts";
import { approverText, differenceText, requestText } from "./approval-text.ts";
import classes from "./approvals.module.css";
import { DecisionDialog, ExecuteDialog, TokenDialog } from "./decision-dialog.tsx";
import { MergeDifference } from "./merge-difference.tsx";

const answer = z.object({ approvals: z.array(approvalSchema) });
/** Milliseconds between two looks at the desk while it is open. */
const EVERY = 10_000;

type Open =
  | { readonly kind: "approve" | "deny" | "execute"; readonly approval: Approval }
  | { readonly kind: "token"; readonly token: string };

/** The approval desk: what waits for a second person, in a plain sentence of what it would change. */
export function ApprovalsPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "approval:read").allowed)
    return <DeniedPage permission="approval:read" />;
  return <ApprovalDesk />;
}

function ApprovalDesk() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/approvals", answer, EVERY);
  const [open, setOpen] = useState<Open | null>(null);
  useReviewNews(answered.reload);
  const close = () => setOpen(null);
  const done = () => {
    close();
    reviewChanged();
  };
  const withdraw = async (approval: Approval) => {
    await ask(`/api/approvals/${approval.id}/decision`, { method: "POST", body: { decision: "withdraw" } });
    reviewChanged();
  };
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Approvals")}</h1>
        <AsOf {...answered} />
      </header>
      <OnlineOnly answered={answered} label={i18n._("Approvals are being opened")}>
        {({ approvals }) => {
          const waiting = approvals.filter(({ status }) => status === "requested" || status === "approved");
          const past = approvals.filter((one) => !waiting.includes(one));
          return (
            <>
              {waiting.length === 0 ? (
                <State icon={IconChecklist} title={i18n._("Nothing waits for a second person")}>
                  {i18n._("Requests appear here by themselves.")}
                </State>
              ) : (
                <ul className={classes.list}>
                  {waiting.map((approval) => (
                    <Card key={approval.id} approval={approval} onOpen={setOpen} onWithdraw={withdraw} />
                  ))}
                </ul>
              )}
              {past.length > 0 && <Past approvals={past} />}
            </>
          );
        }}
      </OnlineOnly>
      {open?.kind === "token" && <TokenDialog token={open.token} onClose={done} />}
      {open?.kind === "execute" && (
        <ExecuteDialog
          approval={open.approval}
          onClose={close}
          onDone={(token) => (token ? setOpen({ kind: "token", token }) : done())}
        />
      )}
      {(open?.kind === "approve" || open?.kind === "deny") && (
        <DecisionDialog approval={open.approval} decision={open.kind} onClose={close} onDone={done} />
      )}
    </>
  );
}

interface CardProps {
  readonly approval: Approval;
  readonly onOpen: (open: Open) => void;
  readonly onWithdraw: (approval: Approval) => Promise<void>;
}

function Card({ approval, onOpen, onWithdraw }: CardProps) {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const { rows: staff } = useRows("staff");
  const withdrawing = useSaving();
  const zone = practice?.zone ?? "UTC";
  const name = (id: string) => staff.find((person) => person.id === id)?.name ?? i18n._("Somebody");
  const { difference, requestedBy, singlePerson, status } = approval;
  const mine = user?.id === requestedBy;
  const opensLater = Date.parse(approval.opensAt) > now();
  const verdict = user ? mayDecide(approval, user) : "role";
  return (
    <li className={classes.card}>
      <div className={classes.words}>
        <h2 className={classes.what}>{requestText(i18n, approval)}</h2>
        <p className={classes.difference}>{differenceText(i18n, approval)}</p>
        <MergeDifference approval={approval} />
        <p className={classes.reason}>“{approval.reason}”</p>
        <p className={classes.meta}>
          {i18n._("Asked by {name}, {when}", {
            name: name(requestedBy),
            when: dateTimeText(approval.requestedAt, zone),
          })}
          {" · "}
          {status === "approved"
            ? i18n._("Approved by {name}; to be carried out until {when}", {
                name: name(approval.decisions.at(-1)?.by ?? ""),
                when: dateTimeText(approval.closesAt, zone),
              })
            : opensLater
              ? i18n._("Nobody else can approve: it can be confirmed from {when}", {
                  when: dateTimeText(approval.opensAt, zone),
                })
              : i18n._("{who} until {when}", {
                  who: singlePerson
                    ? i18n._("Confirm it yourself")
                    : approverText(i18n, approverRoles(approval)),
                  when: dateTimeText(approval.closesAt, zone),
                })}
        </p>
        {(difference.gains.length > 0 || difference.losses.length > 0) && (
          <details className={classes.details}>
            <summary>{i18n._("Every right in it")}</summary>
            <ul>
              {[
                ...difference.gains.map((label) => `+ ${label}`),
                ...difference.losses.map((label) => `− ${label}`),
              ].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <div className={classes.actions}>
        {status === "requested" && verdict === "may" && !opensLater && (
          <>
            <Button onClick={() => onOpen({ kind: "approve", approval })}>{i18n._("Approve")}</Button>
            <Button variant="default" onClick={() => onOpen({ kind: "deny", approval })}>
              {i18n._("Deny")}
            </Button>
          </>
        )}
        {status === "approved" && mine && (
          <Button onClick={() => onOpen({ kind: "execute", approval })}>{i18n._("Carry out")}</Button>
        )}
        {mine && (
          <Button
            variant="subtle"
            loading={withdrawing.busy}
            onClick={() => void withdrawing.save(() => onWithdraw(approval))}
          >
            {i18n._("Withdraw")}
          </Button>
        )}
        {withdrawing.failure && (
          <p role="alert" className={classes.failure}>
            {withdrawing.failure}
          </p>
        )}
        {!mine && status === "requested" && verdict !== "may" && (
          <span className={classes.meta}>
            {verdict === "self"
              ? i18n._("You gain by it, so somebody else decides.")
              : i18n._("Another role decides.")}
          </span>
        )}
      </div>
    </li>
  );
}

const tones: Partial<Record<Approval["status"], Tone>> = { executed: "good", denied: "bad" };

function Past({ approvals }: { readonly approvals: readonly Approval[] }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { rows: staff } = useRows("staff");
  const name = (id: string) => staff.find((person) => person.id === id)?.name ?? "";
  const words: Record<Approval["status"], string> = {
    requested: i18n._("Waiting"),
    approved: i18n._("Approved"),
    denied: i18n._("Denied"),
    executed: i18n._("Carried out"),
    expired: i18n._("Ran out"),
    voided: i18n._("Withdrawn or void"),
  };
  return (
    <section aria-label={i18n._("Past requests")}>
      <h2 className={classes.past}>{i18n._("Past requests")}</h2>
      <ul className={classes.rows}>
        {approvals.map((approval) => (
          <li key={approval.id} className={classes.row}>
            <StateBadge tone={tones[approval.status] ?? "plain"}>{words[approval.status]}</StateBadge>
            <span className={classes.rowWhat}>{requestText(i18n, approval)}</span>
            <span className={classes.meta}>
              {[name(approval.requestedBy), ...approval.decisions.map(({ by }) => name(by))]
                .filter(Boolean)
                .join(" → ")}
              {approval.singlePerson && ` · ${i18n._("single person")}`}
            </span>
            <span className={classes.meta}>
              {dateTimeText(approval.requestedAt, practice?.zone ?? "UTC")}
            </span>
            {approval.difference.records && (
              <details className={`${classes.details} ${classes.whole}`}>
                <summary>{i18n._("Both records")}</summary>
                <MergeDifference approval={approval} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
