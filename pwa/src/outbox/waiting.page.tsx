import { useLingui } from "@lingui/react";
import { Button, Group } from "@mantine/core";
import { IconCloudCheck } from "@tabler/icons-react";
import { useState } from "react";
import { type Note, noteSections, sectionText } from "#domain/note/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { State } from "#pwa/design/state.tsx";
import { codeText, errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { local, type OutboxItem, useOutbox, useRow, useSession } from "#pwa/local/index.ts";
import { mutationText } from "./mutation-text.ts";
import classes from "./waiting.module.css";

/** The outbox, opened: what is not yet at the clinic, and what the clinic refused with its reason. */
export function WaitingPage() {
  const { i18n } = useLingui();
  const items = useOutbox();
  const refused = items.filter((item) => item.status === "refused");
  const waiting = items.filter((item) => item.status !== "refused");
  if (items.length === 0)
    return (
      <State icon={IconCloudCheck} title={i18n._("Everything is at the clinic")}>
        {i18n._("Nothing on this tablet is waiting to be sent.")}
      </State>
    );
  return (
    <>
      {refused.length > 0 && (
        <>
          <h1 className={classes.title}>{i18n._("Needs attention")}</h1>
          <ul className={classes.list}>
            {refused.map((item) => (
              <Item key={item.n} item={item} />
            ))}
          </ul>
        </>
      )}
      {waiting.length > 0 && (
        <>
          <h1 className={classes.title}>{i18n._("Waiting to be sent")}</h1>
          <p className={classes.words}>{i18n._("Saved on this tablet. It goes to the clinic by itself.")}</p>
          <ul className={classes.list}>
            {waiting.map((item) => (
              <Item key={item.n} item={item} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Item({ item }: { readonly item: OutboxItem }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { row: patient } = useRow("patient", item.patientId ?? "");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = (work: Promise<unknown>) => {
    setBusy(true);
    work.catch((error: unknown) => setFailure(errorText(error))).finally(() => setBusy(false));
  };
  const words = wordsOf(item);
  return (
    <li className={classes.item} data-refused={item.status === "refused"}>
      <div className={classes.line}>
        <strong>{mutationText(i18n, item.name)}</strong>
        {patient && <span>{patientName(patient)}</span>}
        <span className={classes.words}>{dateTimeText(item.at, practice?.zone ?? "UTC")}</span>
        <StateBadge tone={item.status === "refused" ? "bad" : "accent"}>
          {item.status === "refused"
            ? i18n._("Refused")
            : item.status === "held"
              ? i18n._("Held at the clinic")
              : i18n._("Waiting")}
        </StateBadge>
      </div>
      {item.code && <p className={classes.reason}>{codeText(item.code)}</p>}
      {words && <blockquote className={classes.quote}>{words}</blockquote>}
      {failure && <p role="alert">{failure}</p>}
      {item.status === "refused" && (
        <Group>
          <Button loading={busy} onClick={() => run(local().outbox.sendAgain(item.n))}>
            {i18n._("Send again")}
          </Button>
          <Button variant="default" disabled={busy} onClick={() => run(local().outbox.dismiss(item.n))}>
            {i18n._("Remove from this list")}
          </Button>
        </Group>
      )}
    </li>
  );
}

/** The person's own words in a refused change, so that they can be read and used again. */
function wordsOf(item: OutboxItem): string {
  if (item.status !== "refused" || item.name !== "note.revise") return "";
  const content = item.args.content as Note["content"] | undefined;
  if (!content) return "";
  return noteSections
    .map((section) => sectionText(content[section] ?? []))
    .filter(Boolean)
    .join("\n");
}
