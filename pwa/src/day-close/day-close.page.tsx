import { useLingui } from "@lingui/react";
import {
  type Icon,
  IconAlertTriangle,
  IconCalendarOff,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
  IconUserOff,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { dateIn, instantIn } from "#domain/kernel/instant.ts";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { dayText, timeText } from "#pwa/language/language.ts";
import { useConnection, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./day-close.module.css";
import type { DayClose } from "./day-close.ts";
import { daySentence } from "./day-close-words.ts";
import { Leaving } from "./leaving.tsx";
import { useDayClose, useOfOthers } from "./use-day-close.ts";
import { VisitRow } from "./visit-row.tsx";

/** Whether the day's work is safe before the tablet is put away, and what is still to do. */
export function DayClosePage() {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { practice } = useSession();
  const may = useMay();
  const zone = practice?.zone ?? "UTC";
  if (!may("chart:open"))
    return (
      <State
        icon={IconUserOff}
        title={i18n._("Your role has no visits")}
        action={{ label: i18n._("What is waiting"), onClick: () => void navigate({ to: "/waiting" }) }}
      >
        {i18n._("What this tablet still has to send is listed there.")}
      </State>
    );
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("End of the day")}</h1>
        <p className={classes.date}>{dayText(instantIn(zone, dateIn(zone), "12:00"), zone)}</p>
      </header>
      <Day />
    </>
  );
}

function Day() {
  const { i18n } = useLingui();
  const day = useDayClose();
  if (!day) return <Opening label={i18n._("Your visits of today are being opened")} />;
  return (
    <>
      {day.visits.length > 0 ? (
        <>
          <Sentence day={day} />
          <ul className={classes.list}>
            {day.visits.map((visit) => (
              <VisitRow key={visit.appointment.id} visit={visit} />
            ))}
          </ul>
        </>
      ) : (
        <State icon={IconCalendarOff} title={i18n._("No visits of yours today")}>
          {i18n._("A visit is listed here once you write or record in it.")}
        </State>
      )}
      <Beyond day={day} />
      <Leaving day={day} />
    </>
  );
}

type Standing = "safe" | "waiting" | "offline" | "attention";

const icons: Readonly<Record<Standing, Icon>> = {
  safe: IconCloudCheck,
  waiting: IconCloudUp,
  offline: IconCloudOff,
  attention: IconAlertTriangle,
};

function standingOf(
  { safe, visits, sounds, refused }: DayClose,
  offline: boolean,
  typing: boolean,
): Standing {
  if (refused + sounds["cut-off"] > 0) return "attention";
  if (safe === visits.length && !typing) return "safe";
  return offline ? "offline" : "waiting";
}

/** How many of the visits are safe. Without the clinic it says since when nobody answers: what is counted is this tablet's. */
function Sentence({ day }: { readonly day: DayClose }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { offlineSince, typing } = useConnection();
  const standing = standingOf(day, offlineSince !== null, typing);
  const IconOf = icons[standing];
  return (
    <div role="status" className={classes.sentence} data-standing={standing}>
      <IconOf size={40} stroke={1.6} aria-hidden />
      <div>
        <p className={classes.count}>{daySentence(i18n, day)}</p>
        {offlineSince && (
          <p className={classes.words}>
            {i18n._("As of {time}: the clinic has not answered since.", {
              time: timeText(offlineSince, practice?.zone ?? "UTC"),
            })}
          </p>
        )}
        {typing && <p className={classes.words}>{i18n._("Saving what you wrote")}</p>}
      </div>
    </div>
  );
}

/** This person's work of no visit of today, and that others have work here, of which nothing more is known. */
function Beyond({ day: { beyond } }: { readonly day: DayClose }) {
  const { i18n } = useLingui();
  const others = useOfOthers();
  const words = [
    ...(beyond.waiting > 0 ? [i18n._("{waiting} waiting", { waiting: beyond.waiting })] : []),
    ...(beyond.refused > 0 ? [i18n._("{refused} refused", { refused: beyond.refused })] : []),
  ];
  return (
    <>
      {words.length > 0 && (
        <p className={classes.line}>
          {i18n._("Other work of yours: {words}.", { words: words.join(", ") })}{" "}
          <Link to="/waiting" className={classes.link}>
            {i18n._("What is waiting")}
          </Link>
        </p>
      )}
      {others > 0 && (
        <p className={classes.line}>
          {i18n._("Other people's work on this tablet: {others} waiting.", { others })}
        </p>
      )}
    </>
  );
}
