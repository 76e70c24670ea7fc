import { useLingui } from "@lingui/react";
import { Button, NativeSelect } from "@mantine/core";
import { IconArrowLeft, IconPrinter } from "@tabler/icons-react";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { can } from "#domain/access/can.ts";
import { dateIn, instantIn } from "#domain/kernel/instant.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { usePrint } from "#pwa/design/use-print.ts";
import { dayText, longDateTimeText } from "#pwa/language/language.ts";
import { mutate, useConnection, useSession } from "#pwa/local/index.ts";
import classes from "./day-sheet.module.css";
import { DaySheetTable } from "./day-sheet-table.tsx";
import { useClinic, useClinicDay } from "./use-clinic.ts";

/** The day on paper: administrative words only, a page or more for each clinician, with who printed it and when (C29). */
export function DaySheetPage() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const search = useSearch({ from: "/board/sheet" });
  const clinic = useClinic();
  const { zone } = clinic;
  const date = search.day ?? dateIn(zone);
  const day = useClinicDay(zone, date);
  const { offlineSince } = useConnection();
  const ready = clinic.ready && day.ready;
  const [only, setOnly] = useState("");
  const printedAt = usePrint(async () => {
    if (user) await mutate("staff.printDay", { id: user.id, day: date });
  });
  const actor = user && ({ type: "user", id: user.id, role: user.role, deviceId: null } as const);
  if (!actor || !can(actor, "schedule:read").allowed) return <DeniedPage permission="schedule:read" />;
  const shown = [...clinic.staff.values()]
    .filter(({ id }) =>
      only === "" ? day.appointments.some(({ clinicianId }) => clinicianId === id) : id === only,
    )
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const printed = i18n._("Printed by {name} on {time}", {
    name: user?.name ?? "",
    time: longDateTimeText(printedAt, zone),
  });
  const dayWords = dayText(instantIn(zone, date, "12:00"), zone);
  const notSent = day.appointments.filter(({ id }) => day.waiting.has(id)).length;
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <Link to="/board" search={{ day: search.day }} className={classes.back}>
          <IconArrowLeft size={20} aria-hidden />
          {i18n._("Board")}
        </Link>
        <NativeSelect
          size="md"
          aria-label={i18n._("Clinician")}
          value={only}
          data={[
            { value: "", label: i18n._("All clinicians") },
            ...clinic.clinicians.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => setOnly(event.currentTarget.value)}
        />
        <Button
          leftSection={<IconPrinter size={20} aria-hidden />}
          disabled={!ready}
          onClick={() => window.print()}
        >
          {i18n._("Print")}
        </Button>
      </div>
      {ready ? (
        <article className={classes.sheet}>
          <header className={classes.head}>
            <h1>{dayWords}</h1>
            <p>{practice?.name}</p>
          </header>
          {shown.length === 0 && <p>{i18n._("Nothing is booked on this day.")}</p>}
          {shown.map((clinician) => (
            <section key={clinician.id} className={classes.clinician} aria-label={clinician.name}>
              <h2>
                {clinician.name}
                {clinician.suffix && `, ${clinician.suffix}`}
              </h2>
              <DaySheetTable
                appointments={day.appointments.filter(({ clinicianId }) => clinicianId === clinician.id)}
                day={day}
                clinic={clinic}
                running={[practice?.name, dayWords, clinician.name, printed].filter(Boolean).join(" · ")}
              />
            </section>
          ))}
          <footer className={classes.foot}>
            {notSent > 0 && (
              <p>
                {i18n._(
                  "{count, plural, one {# appointment has a change} other {# appointments have changes}} that the clinic does not know yet.",
                  { count: notSent },
                )}
              </p>
            )}
            <p>
              {offlineSince
                ? i18n._("As this device knew it without the clinic, which answered last on {time}.", {
                    time: longDateTimeText(offlineSince, zone),
                  })
                : i18n._("As it was at the clinic at that time.")}
            </p>
            <p>{`${printed}. ${i18n._("Keep it from other people's eyes; shred it after use.")}`}</p>
          </footer>
        </article>
      ) : (
        <Opening rows={6} label={i18n._("The day is being opened")} />
      )}
    </div>
  );
}
