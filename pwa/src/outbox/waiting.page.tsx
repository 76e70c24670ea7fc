import { useLingui } from "@lingui/react";
import { Button, Group } from "@mantine/core";
import { IconCloudCheck, IconDeviceTabletCheck, IconDeviceTabletDown, IconEye } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Note, noteSections, sectionText } from "#domain/note/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { useKept } from "#pwa/app/kept.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { State } from "#pwa/design/state.tsx";
import { codeText, errorText } from "#pwa/language/error-text.ts";
import { dateTimeText, durationText } from "#pwa/language/language.ts";
import {
  local,
  type OutboxItem,
  useConnection,
  useOutbox,
  useRow,
  useSession,
  useWaitingRecordings,
  type WaitingRecording,
} from "#pwa/local/index.ts";
import { mutationText } from "./mutation-text.ts";
import classes from "./waiting.module.css";

/**
 * What is not yet at the clinic, and what the clinic refused with its reason: the changes and the recordings that the chip
 * counts, one row each.
 */
export function WaitingPage() {
  const { i18n } = useLingui();
  const items = useOutbox();
  const recordings = useWaitingRecordings();
  const refused = items.filter((item) => item.status === "refused");
  const waiting = items.filter((item) => item.status !== "refused");
  if (items.length + recordings.length === 0)
    return (
      <>
        <State icon={IconCloudCheck} title={i18n._("Everything is at the clinic")}>
          {i18n._("Nothing on this tablet is waiting to be sent.")}
        </State>
        <ReportsLine />
        <KeptLine />
      </>
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
      {waiting.length + recordings.length > 0 && (
        <>
          <h1 className={classes.title}>{i18n._("Waiting to be sent")}</h1>
          <p className={classes.words}>{i18n._("Saved on this tablet. It goes to the clinic by itself.")}</p>
          <ul className={classes.list}>
            {recordings.map((recording) => (
              <RecordingItem key={recording.recordingId} recording={recording} />
            ))}
            {waiting.map((item) => (
              <Item key={item.n} item={item} />
            ))}
          </ul>
        </>
      )}
      <ReportsLine />
      <KeptLine />
    </>
  );
}

/** Whoever looks at a chart is recorded, also while the clinic is away; that is no secret. */
function ReportsLine() {
  const { i18n } = useLingui();
  const { reports } = useConnection();
  if (reports === 0) return null;
  return (
    <p className={classes.kept}>
      <IconEye size={22} stroke={1.8} aria-hidden />
      {i18n._(
        "{reports, plural, one {You opened # chart. The clinic is told when it answers.} other {You opened # charts. The clinic is told when it answers.}}",
        { reports },
      )}
    </p>
  );
}

/** Whether this tablet opens the application without the clinic, so that somebody can look before going out of reach. */
function KeptLine() {
  const { i18n } = useLingui();
  const kept = useKept();
  const IconOf = kept === "kept" ? IconDeviceTabletCheck : IconDeviceTabletDown;
  return (
    <p className={classes.kept} data-kept={kept}>
      <IconOf size={22} stroke={1.8} aria-hidden />
      {kept === "kept"
        ? i18n._("This tablet is ready to work offline.")
        : kept === "arriving"
          ? i18n._("Not ready to be opened offline yet: the application is still being put on this tablet.")
          : i18n._(
              "This browser does not keep the application, so it cannot be opened offline. Does this tablet trust the practice's certificate?",
            )}
    </p>
  );
}

function RecordingItem({ recording }: { readonly recording: WaitingRecording }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { startedAt, seconds, place } = recording;
  // Where the tablet sealed it at its start, unless it has been moved to another visit since.
  const { row } = useRow("recording", recording.recordingId);
  const { encounterId, patientId } = recording.patientId && row ? row : recording;
  const { row: patient } = useRow("patient", patientId ?? "");
  const { row: encounter } = useRow("encounter", encounterId ?? "");
  const name = patient
    ? patientName(patient)
    : patientId
      ? i18n._("Not on this tablet")
      : i18n._("A colleague's visit");
  return (
    <li className={classes.item}>
      <strong>{i18n._("Recording, {time}", { time: durationText(seconds) })}</strong>
      <span className={classes.who}>
        {encounter ? (
          <Link
            to="/visits/$appointmentId"
            params={{ appointmentId: encounter.appointmentId }}
            className={classes.visit}
          >
            {name}
          </Link>
        ) : (
          name
        )}
      </span>
      <span className={classes.time}>{dateTimeText(startedAt, practice?.zone ?? "UTC")}</span>
      <span className={classes.mark}>
        <StateBadge tone={place === "cut-off" ? "warn" : place === "being-made" ? "bad" : "accent"}>
          {placeText(i18n, place)}
        </StateBadge>
      </span>
    </li>
  );
}

function placeText(i18n: ReturnType<typeof useLingui>["i18n"], place: WaitingRecording["place"]): string {
  switch (place) {
    case "being-made":
      return i18n._("Being made");
    case "cut-off":
      return i18n._("Cut off: open the visit");
    case "sending":
      return i18n._("Being sent");
    case "on-this-tablet":
      return i18n._("On this tablet");
  }
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
  const refused = item.status === "refused";
  return (
    <li className={classes.item} data-refused={refused}>
      <strong>{mutationText(i18n, item.name)}</strong>
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
      {(item.code || words || failure || refused) && (
        <div className={classes.more}>
          {item.code && <p className={classes.reason}>{codeText(item.code)}</p>}
          {words && <blockquote className={classes.quote}>{words}</blockquote>}
          {failure && <p role="alert">{failure}</p>}
          {refused && (
            <Group>
              <Button loading={busy} onClick={() => run(local().outbox.sendAgain(item.n))}>
                {i18n._("Send again")}
              </Button>
              <Button variant="default" disabled={busy} onClick={() => run(local().outbox.dismiss(item.n))}>
                {i18n._("Remove from this list")}
              </Button>
            </Group>
          )}
        </div>
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
