import { useLingui } from "@lingui/react";
import { IconDeviceTabletOff } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { can } from "#domain/access/can.ts";
import { type Appointment, mayFollow, mayHappen } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { noteIdOf } from "#domain/note/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { RestrictedGate, useChartDoor } from "#pwa/break-glass/index.ts";
import { CapturedNotes } from "#pwa/capture/index.ts";
import { ChartHeader, ChartLink } from "#pwa/chart/index.ts";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { mutate, openChart, useChartPresence, useRow, useSession } from "#pwa/local/index.ts";
import { NotePanel } from "#pwa/note/index.ts";
import { RecorderPanel } from "#pwa/recording/index.ts";
import { TranscriptPanel } from "#pwa/transcript/index.ts";
import { startVisit } from "./start-visit.ts";
import classes from "./visit.module.css";

/** One visit: the note on the left, recorder and transcript beside it. Everything on it works without the network. */
export function VisitPage() {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { user } = useSession();
  const { appointmentId } = useParams({ from: "/visits/$appointmentId" });
  const { row: appointment, ready } = useRow("appointment", appointmentId);
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "chart:open").allowed)
    return (
      <DeniedPage
        permission="chart:open"
        subject={{ type: "appointment", id: appointmentId }}
        {...(appointment && { chartOf: appointment.patientId })}
      />
    );
  if (!appointment)
    return ready ? (
      <State
        icon={IconDeviceTabletOff}
        title={i18n._("This visit is not on this tablet")}
        action={{ label: i18n._("Go to Today"), onClick: () => void navigate({ to: "/" }) }}
      >
        {i18n._("It may be outside the days that this tablet keeps, or it has not arrived yet.")}
      </State>
    ) : (
      <Opening label={i18n._("The visit is being opened")} />
    );
  return <VisitDoor appointment={appointment} />;
}

/** The visit of a chart that is restricted to others is as shut as the chart. */
function VisitDoor({ appointment }: { readonly appointment: Appointment }) {
  const { patientId } = appointment;
  const { mayOpen, glass } = useChartDoor(patientId);
  const under = glass?.id;
  useEffect(() => openChart(patientId, under), [patientId, under]);
  return mayOpen ? <Visit appointment={appointment} /> : <RestrictedGate patientId={patientId} />;
}

function Visit({ appointment }: { readonly appointment: Appointment }) {
  const { i18n } = useLingui();
  const encounterId = encounterIdOf(appointment.id);
  const { row: encounter, ready } = useRow("encounter", encounterId);
  const { row: note } = useRow("note", noteIdOf(encounterId));
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { patientId, clinicianId } = appointment;
  // An empty page over a note that is on its way would be written beside it, not in it.
  const arriving = useChartPresence(patientId) === "arriving" && note === undefined;

  /** The encounter begins with the first word or the first second of sound, not with a look at the page. */
  const started = encounter !== undefined;
  const beginWriting = useCallback(
    () => startVisit({ appointment, zone, started, by: "writing" }),
    [appointment, zone, started],
  );
  const beginRecording = useCallback(
    () => startVisit({ appointment, zone, started, by: "recording" }),
    [appointment, zone, started],
  );

  /** A signed note ends the visit, for the chart and for the day's list. */
  const finish = useCallback(async () => {
    if (encounter?.status === "in-progress") await mutate("encounter.finish", { id: encounterId });
    if (mayFollow(appointment.status, "done") && mayHappen("done", appointment, zone, now()))
      await mutate("appointment.finish", { id: appointment.id });
  }, [encounter, encounterId, appointment, zone]);

  return (
    <div className={classes.page}>
      <div className={classes.whose}>
        <ChartHeader patientId={patientId} actions={<ChartLink patientId={patientId} />} />
      </div>
      <div className={classes.columns}>
        <div className={classes.note}>
          {ready && !arriving ? (
            <NotePanel
              key={encounterId}
              encounterId={encounterId}
              patientId={patientId}
              clinicianId={clinicianId}
              onStart={beginWriting}
              onSigned={finish}
            />
          ) : (
            <Opening rows={4} label={i18n._("The note is being opened")} />
          )}
        </div>
        <aside className={classes.side}>
          <RecorderPanel
            encounterId={encounterId}
            patientId={patientId}
            noteStatus={note?.status ?? null}
            onStart={beginRecording}
          />
          <CapturedNotes encounterId={encounterId} />
          <TranscriptPanel encounterId={encounterId} />
        </aside>
      </div>
      <ToastPlace />
    </div>
  );
}
