import { useLingui } from "@lingui/react";
import {
  type Icon,
  IconActivityHeartbeat,
  IconAlertOctagon,
  IconAlertTriangle,
  IconCalendarEvent,
  IconHistory,
  IconNotes,
  IconPill,
  IconStethoscope,
  IconVaccine,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { dateIn } from "#domain/kernel/instant.ts";
import { Choices } from "#pwa/design/choice-chips.tsx";
import { EmptyOfChart } from "#pwa/design/empty-of-chart.tsx";
import { birthDateText, timeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import classes from "./chart.module.css";
import { type TimelineEvent, type TimelineKind, timelineKinds, useTimeline } from "./use-timeline.ts";

const icons: Record<TimelineKind, Icon> = {
  visit: IconCalendarEvent,
  note: IconNotes,
  problem: IconStethoscope,
  medication: IconPill,
  allergy: IconAlertOctagon,
  vitals: IconActivityHeartbeat,
  immunization: IconVaccine,
  alert: IconAlertTriangle,
};

/** Everything that happened, by day, the newest first. */
export function ChartTimeline({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const [kind, setKind] = useState<TimelineKind | "all">("all");
  const events = useTimeline(patientId).filter((one) => kind === "all" || one.kind === kind);
  const days = Map.groupBy(events, ({ at }) => (at.length === 10 ? at : dateIn(zone, at)));
  const names: Record<TimelineKind, string> = {
    visit: i18n._("Visits"),
    note: i18n._("Notes"),
    problem: i18n._("Problems"),
    medication: i18n._("Medications"),
    allergy: i18n._("Allergies"),
    vitals: i18n._("Vital signs"),
    immunization: i18n._("Immunizations"),
    alert: i18n._("Alerts"),
  };
  return (
    <>
      <Choices
        label={i18n._("Show")}
        hideLabel
        options={[
          { value: "all" as const, label: i18n._("Everything") },
          ...timelineKinds.map((value) => ({ value, label: names[value] })),
        ]}
        value={[kind]}
        onChange={([value]) => setKind(value ?? "all")}
      />
      {events.length === 0 ? (
        <EmptyOfChart patientId={patientId} icon={IconHistory} title={i18n._("Nothing to show")}>
          {i18n._("There are no such entries in this chart.")}
        </EmptyOfChart>
      ) : (
        <ol className={classes.timeline}>
          {[...days].map(([date, list]) => (
            <li key={date} className={classes.day}>
              <h3 className={classes.dayDate}>{birthDateText(date)}</h3>
              <ul className={classes.events}>
                {list.map((event) => (
                  <li key={event.id}>
                    <EventRow event={event} zone={zone} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function EventRow({ event, zone }: { readonly event: TimelineEvent; readonly zone: string }) {
  const IconOf = icons[event.kind];
  const body = (
    <>
      <IconOf size={20} stroke={1.7} aria-hidden />
      <span className={classes.eventWords}>
        <span className={classes.eventTitle}>{event.title}</span>
        {event.detail && <span className={classes.eventDetail}>{event.detail}</span>}
        {event.from && <span className={classes.noteMeta}>{event.from}</span>}
      </span>
      {event.at.length > 10 && <span className={classes.noteMeta}>{timeText(event.at, zone)}</span>}
    </>
  );
  return event.appointmentId ? (
    <Link
      to="/visits/$appointmentId"
      params={{ appointmentId: event.appointmentId }}
      className={classes.event}
      data-barred={event.barred}
    >
      {body}
    </Link>
  ) : (
    <div className={classes.event} data-barred={event.barred}>
      {body}
    </div>
  );
}
