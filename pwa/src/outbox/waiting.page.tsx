import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCloudCheck, IconDeviceTabletCheck, IconDeviceTabletDown, IconEye } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { patientName } from "#domain/patient/index.ts";
import { useKept } from "#pwa/app/kept.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { State } from "#pwa/design/state.tsx";
import { dateTimeText, durationText } from "#pwa/language/language.ts";
import {
  useConnection,
  useOutbox,
  useRow,
  useSession,
  useWaitingRecordings,
  type WaitingRecording,
} from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { StorageLine } from "#pwa/storage/index.ts";
import { HandedItem, useHandedOver } from "./handed-over.tsx";
import classes from "./waiting.module.css";
import { WaitingItem } from "./waiting-item.tsx";

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
  const handed = useHandedOver();
  if (items.length + recordings.length + handed.length === 0)
    return (
      <>
        <h1 className={classes.title}>{i18n._("What is waiting")}</h1>
        <StorageLine />
        <State icon={IconCloudCheck} title={i18n._("Everything is at the clinic")}>
          {i18n._("Nothing on this tablet is waiting to be sent.")}
        </State>
        <ReportsLine />
        <KeptLine />
        <DayCloseLink />
      </>
    );
  return (
    <>
      <h1 className={classes.title}>{i18n._("What is waiting")}</h1>
      <StorageLine />
      {refused.some(({ code }) => code === "client_fork") && <CopiedTablet />}
      {refused.length > 0 && (
        <>
          <h2 className={classes.subtitle}>{i18n._("Needs attention")}</h2>
          <ul className={classes.list}>
            {refused.map((item) => (
              <WaitingItem key={item.n} item={item} />
            ))}
          </ul>
        </>
      )}
      {handed.length > 0 && (
        <>
          <h2 className={classes.subtitle}>{i18n._("Handed over")}</h2>
          <ul className={classes.list}>
            {handed.map((handover) => (
              <HandedItem key={handover.id} handover={handover} />
            ))}
          </ul>
        </>
      )}
      {waiting.length + recordings.length > 0 && (
        <>
          <h2 className={classes.subtitle}>{i18n._("Waiting to be sent")}</h2>
          <p className={classes.words}>{i18n._("Saved on this tablet. It goes to the clinic by itself.")}</p>
          <ul className={classes.list}>
            {recordings.map((recording) => (
              <RecordingItem key={recording.recordingId} recording={recording} />
            ))}
            {waiting.map((item) => (
              <WaitingItem key={item.n} item={item} />
            ))}
          </ul>
        </>
      )}
      <ReportsLine />
      <KeptLine />
      <DayCloseLink />
    </>
  );
}

/** Two devices write under one history, so all of it waits for review until this one has a history of its own. */
function CopiedTablet() {
  const { i18n } = useLingui();
  const { actions } = useSession();
  return (
    <div className={classes.copied} role="alert">
      <strong>{i18n._("This tablet is a copy of another one, or was copied")}</strong>
      <p>
        {i18n._(
          "What you write here is kept at the clinic, and a colleague reviews it before it counts. Tell practice IT. To work on here, sign in and choose a PIN: the tablet then starts anew. Nothing is lost.",
        )}
      </p>
      <Button onClick={() => actions.forgetPin()}>{i18n._("Start anew on this tablet")}</Button>
    </div>
  );
}

/** The same by visit, for whoever has visits. */
function DayCloseLink() {
  const { i18n } = useLingui();
  const may = useMay();
  if (!may("chart:open")) return null;
  return (
    <p className={classes.kept}>
      <Link to="/day-close" className={classes.visit}>
        {i18n._("End of the day")}
      </Link>
    </p>
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
      : recording.sealed
        ? i18n._("For the clinic to match")
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
