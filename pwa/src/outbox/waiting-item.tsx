import { useLingui } from "@lingui/react";
import { patientName } from "#domain/patient/index.ts";
import type { ArgsOf, MutationName } from "#domain/registry.ts";
import { isReviewReason } from "#domain/sync/review-items.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { codeText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { local, type OutboxItem, useRow, useSession } from "#pwa/local/index.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import { mutationText } from "./mutation-text.ts";
import { QuestionItem } from "./question-item.tsx";
import { RefusedActions } from "./refused-actions.tsx";
import classes from "./waiting.module.css";
import { Written } from "./written.tsx";

/** One change that is not at the clinic, or that the clinic refused. */
export function WaitingItem({ item }: { readonly item: OutboxItem }) {
  if (item.status === "refused" && item.code === "demographics_conflict") return <QuestionItem item={item} />;
  return <Change item={item} />;
}

/** It names the state of an entry that has passed: sent again, the same words meet the same answer. */
const neverTaken: ReadonlySet<string> = new Set(["entry_changed"]);

const handed = ({ name, args }: OutboxItem) =>
  name === "handover.give" ? (args as unknown as ArgsOf<"handover.give">) : null;

function Change({ item }: { readonly item: OutboxItem }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { row: patient } = useRow("patient", item.patientId ?? "");
  const handover = handed(item);
  const colleague = useStaffName(handover?.toId ?? item.notHanded?.toId ?? "");
  const name = colleague || i18n._("Somebody who is not on this tablet");
  const refused = item.status === "refused";
  // It is in quarantine already: a colleague reviews it there.
  const kept = (item.code !== null && isReviewReason(item.code)) || item.name === "capture.write";
  return (
    <li className={classes.item} data-refused={refused}>
      <strong>{mutationText(i18n, (handover?.mutation.name ?? item.name) as MutationName)}</strong>
      <span className={classes.who}>{patient && patientName(patient)}</span>
      <span className={classes.time}>{dateTimeText(item.at, practice?.zone ?? "UTC")}</span>
      <span className={classes.mark}>
        <StateBadge tone={refused ? "bad" : "accent"}>
          {refused
            ? i18n._("Refused")
            : item.status === "held"
              ? i18n._("Held at the clinic")
              : i18n._("Waiting")}
        </StateBadge>
      </span>
      {(item.code || refused || handover) && (
        <div className={classes.more}>
          {handover && (
            <p className={classes.reason}>
              {i18n._("Goes to {name}, who decides. It stays here until the clinic has it.", { name })}
            </p>
          )}
          {item.code && <p className={classes.reason}>{codeText(item.code)}</p>}
          {item.notHanded && (
            <p className={classes.reason}>
              {i18n._("It was not handed to {name}: {why}", {
                name,
                why: codeText(item.notHanded.code ?? ""),
              })}
            </p>
          )}
          {refused && (
            <>
              <Written mutation={handover?.mutation ?? item.mutation} />
              <RefusedActions
                mutation={handover?.mutation ?? item.mutation}
                patientId={item.patientId}
                {...(!kept && {
                  ...(!neverTaken.has(item.code ?? "") && {
                    onSendAgain: () => local().outbox.sendAgain(item.n),
                  }),
                  ...(!handover && { handOver: { before: item.notHanded } }),
                })}
                onRemove={() => local().outbox.dismiss(item.n)}
              />
            </>
          )}
        </div>
      )}
    </li>
  );
}
