import { useLingui } from "@lingui/react";
import { IconArrowRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import { timeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSamePerson, useSession } from "#pwa/local/index.ts";
import classes from "./chart.module.css";

/** Today's visits in their order: a clinician's own, for everybody else all of them. */
function useDay(): readonly Appointment[] {
  const { user, practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const date = dateIn(zone);
  const { rows } = useRows("appointment", {
    where: {
      start: { gte: instantIn(zone, date, "00:00"), lt: instantIn(zone, addDays(date, 1), "00:00") },
      ...(user?.role === "clinician" ? { clinicianId: user.id } : {}),
    },
    sort: "start",
  });
  return rows.filter(({ status }) => holdsSlot(status));
}

/** Today's visit of a patient, whichever record of the person it was booked for. */
export function useVisitToday(patientId: string): Appointment | undefined {
  const samePerson = useSamePerson();
  return useDay().find((one) => samePerson(one.patientId, patientId));
}

/** The next patient of the day, one tap away. */
export function NextPatient({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const day = useDay();
  const samePerson = useSamePerson();
  const here = day.findLastIndex((visit) => samePerson(visit.patientId, patientId));
  const next = day
    .slice(here + 1)
    .find((visit) => visit.status !== "done" && !samePerson(visit.patientId, patientId));
  const { row: patient } = useRow("patient", next?.patientId ?? patientId);
  if (!next || !patient) return null;
  return (
    <Link
      to="/patients/$patientId/chart"
      params={{ patientId: next.patientId }}
      search={{ view: "summary" }}
      className={classes.next}
    >
      <span className={classes.nextWords}>
        <span className={classes.nextLabel}>
          {i18n._("Next, {time}", { time: timeText(next.start, practice?.zone ?? "UTC") })}
        </span>
        {patientName(patient)}
      </span>
      <IconArrowRight size={20} stroke={2} aria-hidden />
    </Link>
  );
}
