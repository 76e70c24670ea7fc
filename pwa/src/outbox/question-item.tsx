import { useLingui } from "@lingui/react";
import { Button, Group } from "@mantine/core";
import { IconQuestionMark } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import * as z from "zod";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { codeText, errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { local, type OutboxItem, useRow, useRows, useSession } from "#pwa/local/index.ts";
import { fieldText, valueText } from "#pwa/patient/two-values/field-text.ts";
import { WhoWhen } from "#pwa/staff/index.ts";
import { mutationText } from "./mutation-text.ts";
import classes from "./waiting.module.css";

const detailSchema = z.object({ reviews: z.array(z.string()) });

/** A change that met somebody else's: nothing of it is lost, and which value is right is asked on the patient's page. */
export function QuestionItem({ item }: { readonly item: OutboxItem }) {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const navigate = useNavigate();
  const { row: patient } = useRow("patient", item.patientId ?? "");
  const reviews = detailSchema.safeParse(item.detail).data?.reviews ?? [];
  const { rows } = useRows("demographics-review", { where: { id: { in: reviews } } });
  const decided = rows.length > 0 && rows.every(({ decision }) => decision !== null);
  const [last] = rows.toSorted((a, b) => ((a.decidedAt ?? "") < (b.decidedAt ?? "") ? 1 : -1));
  const [failure, setFailure] = useState<string | null>(null);
  const patientId = patient?.id ?? item.patientId;
  // Whoever decided it knows; the author of the change is told what somebody else decided.
  const ownDecision = decided && rows.every(({ decidedBy }) => decidedBy === user?.id);
  useEffect(() => {
    if (ownDecision)
      void local()
        .outbox.dismiss(item.n)
        .catch(() => {}); // it can still be removed by hand
  }, [ownDecision, item.n]);
  return (
    <li className={classes.item} data-question={!decided}>
      <strong>{mutationText(i18n, item.name)}</strong>
      <span className={classes.who}>{patient && patientName(patient)}</span>
      <span className={classes.time}>{dateTimeText(item.at, practice?.zone ?? "UTC")}</span>
      <span className={classes.mark}>
        {decided ? (
          <StateBadge tone="good">{i18n._("Decided")}</StateBadge>
        ) : (
          <StateBadge tone="warn" icon={IconQuestionMark}>
            {i18n._("Question")}
          </StateBadge>
        )}
      </span>
      <div className={classes.more}>
        <p className={classes.reason}>
          {decided && last?.decidedBy && last.decidedAt ? (
            <WhoWhen by={last.decidedBy} at={last.decidedAt} />
          ) : (
            codeText("demographics_conflict")
          )}
        </p>
        {decided && (
          <ul className={classes.decided}>
            {rows.map(({ id, field, decision, standing, other }) => (
              <li key={id}>
                {fieldText(i18n, field)}:{" "}
                <strong>{valueText(i18n, field, (decision === "take" ? other : standing).value)}</strong>
              </li>
            ))}
          </ul>
        )}
        {failure && <p role="alert">{failure}</p>}
        <Group>
          {patientId && (
            <Button
              variant={decided ? "default" : "filled"}
              onClick={() => void navigate({ to: "/patients/$patientId", params: { patientId } })}
            >
              {decided ? i18n._("Open the patient") : i18n._("See both values")}
            </Button>
          )}
          <Button
            variant="default"
            onClick={() =>
              void local()
                .outbox.dismiss(item.n)
                .catch((error: unknown) => setFailure(errorText(error)))
            }
          >
            {i18n._("Remove from this list")}
          </Button>
        </Group>
      </div>
    </li>
  );
}
