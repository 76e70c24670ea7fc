import { useLingui } from "@lingui/react";
import { Button, Group } from "@mantine/core";
import type { Handover } from "#domain/handover/index.ts";
import { patientName } from "#domain/patient/index.ts";
import type { MutationName } from "#domain/registry.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { codeText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { mutate, useMark, useOutbox, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { useStaffName, WhoWhen } from "#pwa/staff/index.ts";
import { mutationText } from "./mutation-text.ts";
import { writeAgain } from "./readable-args.ts";
import { RefusedActions } from "./refused-actions.tsx";
import classes from "./waiting.module.css";
import { Written } from "./written.tsx";

/** What this person handed to colleagues and has not put away. What is on its way stands among what waits to be sent. */
export function useHandedOver(): readonly Handover[] {
  const { user } = useSession();
  const items = useOutbox();
  const { rows } = useRows("handover", {
    where: { authorId: user?.id ?? "", closed: false },
    sort: { by: "handedAt", descending: true },
  });
  return rows.filter(({ id }) => !items.some(({ name, rowId }) => name === "handover.give" && rowId === id));
}

const close = ({ id }: Handover) => mutate("handover.close", { id });

/** Work that is with a colleague: that it is not decided yet, or what came of it. */
export function HandedItem({ handover }: { readonly handover: Handover }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const mark = useMark(handover.id);
  const { row: patient } = useRow("patient", handover.patientId ?? "");
  const name = useStaffName(handover.toId) || i18n._("Somebody who is not on this tablet");
  const { mutation, decision } = handover;
  return (
    <li className={classes.item} data-handed={decision ?? "open"}>
      <strong>{mutationText(i18n, mutation.name as MutationName)}</strong>
      <span className={classes.who}>{patient && patientName(patient)}</span>
      <span className={classes.time}>{dateTimeText(mutation.at, practice?.zone ?? "UTC")}</span>
      <span className={classes.mark}>
        <Outcome handover={handover} />
      </span>
      <div className={classes.more}>
        <p className={classes.reason}>
          {decision === null
            ? i18n._("Handed to {name}, not decided yet.", { name })
            : decision === "taken-back"
              ? i18n._("Taken back from {name}.", { name })
              : i18n._("Handed to {name}.", { name })}{" "}
          {handover.code &&
            decision !== "adopted" &&
            i18n._("Refused because: {why}", { why: codeText(handover.code) })}
        </p>
        {handover.decidedBy && handover.decidedAt && decision !== "taken-back" && (
          <p className={classes.reason}>
            <WhoWhen by={handover.decidedBy} at={handover.decidedAt} />
          </p>
        )}
        {handover.decisionReason && (
          <blockquote className={classes.quote}>{handover.decisionReason}</blockquote>
        )}
        <Written mutation={mutation} />
        <Actions handover={handover} settled={mark === "at-the-clinic"} />
      </div>
    </li>
  );
}

function Outcome({ handover: { decision } }: { readonly handover: Handover }) {
  const { i18n } = useLingui();
  switch (decision) {
    case null:
      return <StateBadge tone="accent">{i18n._("With a colleague")}</StateBadge>;
    case "adopted":
      return <StateBadge tone="good">{i18n._("Taken over")}</StateBadge>;
    case "discarded":
      return <StateBadge tone="warn">{i18n._("Discarded")}</StateBadge>;
    case "taken-back":
      return <StateBadge tone="warn">{i18n._("Taken back")}</StateBadge>;
  }
}

interface ActionsProps {
  readonly handover: Handover;
  /** The clinic has what this person did with it: until then a colleague may decide first. */
  readonly settled: boolean;
}

function Actions({ handover, settled }: ActionsProps) {
  const { i18n } = useLingui();
  const saving = useSaving();
  const { id, mutation, patientId, decision } = handover;
  if (!settled) return <p className={classes.words}>{i18n._("Waiting to be sent")}</p>;
  if (decision === "discarded" || decision === "taken-back")
    return (
      <RefusedActions
        mutation={mutation}
        patientId={patientId}
        onSendAgain={async () => {
          await writeAgain(mutation);
          await close(handover);
        }}
        handOver={{ before: null, onHanded: () => close(handover) }}
        onRemove={() => close(handover)}
      />
    );
  return (
    <>
      {saving.failure && <p role="alert">{saving.failure}</p>}
      <Group>
        <Button
          variant="default"
          loading={saving.busy}
          onClick={() =>
            void saving.save(() =>
              decision === null ? mutate("handover.takeBack", { id }) : close(handover),
            )
          }
        >
          {decision === null ? i18n._("Take back") : i18n._("Remove from this list")}
        </Button>
      </Group>
    </>
  );
}
