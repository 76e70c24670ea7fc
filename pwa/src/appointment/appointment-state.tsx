import { useLingui } from "@lingui/react";
import { IconCheck, IconLock, IconPencil, IconUserCheck } from "@tabler/icons-react";
import type { Appointment } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { noteIdOf } from "#domain/note/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useRow } from "#pwa/local/index.ts";

interface AppointmentStateProps {
  readonly appointment: Appointment;
  /** Clinical people also see how far the note is. */
  readonly clinical: boolean;
}

export function AppointmentState({ appointment, clinical }: AppointmentStateProps) {
  return clinical ? <ClinicalState appointment={appointment} /> : <DeskState status={appointment.status} />;
}

function ClinicalState({ appointment }: { readonly appointment: Appointment }) {
  const { i18n } = useLingui();
  const encounterId = encounterIdOf(appointment.id);
  const { row: note, mark } = useRow("note", noteIdOf(encounterId));
  const { row: encounter } = useRow("encounter", encounterId);
  if (note?.status === "signed")
    return mark === "at-the-clinic" ? (
      <StateBadge tone="good" icon={IconLock}>
        {i18n._("Signed")}
      </StateBadge>
    ) : (
      <StateBadge tone="warn" icon={IconLock}>
        {i18n._("Signed here, not yet sealed")}
      </StateBadge>
    );
  if (note)
    return (
      <StateBadge tone="accent" icon={IconPencil}>
        {i18n._("Note in progress")}
      </StateBadge>
    );
  if (encounter)
    return (
      <StateBadge tone="accent" icon={IconPencil}>
        {i18n._("Visit started")}
      </StateBadge>
    );
  return <DeskState status={appointment.status} />;
}

function DeskState({ status }: { readonly status: Appointment["status"] }) {
  const { i18n } = useLingui();
  switch (status) {
    case "booked":
      return <StateBadge>{i18n._("Booked")}</StateBadge>;
    case "confirmed":
      return <StateBadge>{i18n._("Confirmed")}</StateBadge>;
    case "arrived":
      return (
        <StateBadge tone="good" icon={IconUserCheck}>
          {i18n._("Arrived")}
        </StateBadge>
      );
    case "roomed":
      return <StateBadge tone="accent">{i18n._("In a room")}</StateBadge>;
    case "done":
      return (
        <StateBadge tone="good" icon={IconCheck}>
          {i18n._("Done")}
        </StateBadge>
      );
    case "no-show":
      return <StateBadge tone="warn">{i18n._("Did not come")}</StateBadge>;
    case "cancelled":
      return <StateBadge tone="warn">{i18n._("Cancelled")}</StateBadge>;
  }
}
