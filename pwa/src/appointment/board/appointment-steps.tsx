import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowsMove,
  IconCalendarCheck,
  IconCalendarX,
  IconCheck,
  IconDoor,
  IconUserCheck,
  IconUserX,
} from "@tabler/icons-react";
import { useState } from "react";
import { type Appointment, mayFollow, mayHappen, statusBefore } from "#domain/appointment/index.ts";
import { KeptLine, useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import classes from "./sheets.module.css";
import { statusText } from "./status.tsx";
import type { Clinic } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";
import { useMinute } from "./use-minute.ts";

interface AppointmentStepsProps {
  readonly appointment: Appointment;
  readonly name: string;
  readonly clinic: Clinic;
  readonly desk: Desk;
  /** Begins with the question why it is cancelled. */
  readonly cancelling?: boolean;
  readonly onMove: () => void;
  readonly onClose: () => void;
}

/** Every step that may be next on this day, and the way back from the last one. */
export function AppointmentSteps(props: AppointmentStepsProps) {
  const { appointment, clinic, desk, name, onMove } = props;
  const { i18n } = useLingui();
  const [cancelling, setCancelling] = useState(props.cancelling ?? false);
  const { status } = appointment;
  const at = useMinute();
  const may = (next: Appointment["status"]) =>
    mayFollow(status, next) && mayHappen(next, appointment, clinic.zone, at);
  // Whoever forgot to check somebody in says afterwards that the visit took place.
  const over = !mayHappen("arrived", appointment, clinic.zone, at);
  const before = statusBefore(appointment);
  const movable = status === "booked" || status === "confirmed";
  return (
    <section className={classes.steps} aria-label={i18n._("Next step")}>
      {may("arrived") && (
        <Button
          leftSection={<IconUserCheck size={20} aria-hidden />}
          onClick={() => void desk.step(appointment, "checkIn", name)}
        >
          {i18n._("Check in")}
        </Button>
      )}
      {status === "booked" && may("confirmed") && (
        <Button
          variant="default"
          leftSection={<IconCalendarCheck size={20} aria-hidden />}
          onClick={() => void desk.step(appointment, "confirm", name)}
        >
          {i18n._("Confirm")}
        </Button>
      )}
      {may("done") && (status === "roomed" || over) && (
        <Button
          leftSection={<IconCheck size={20} aria-hidden />}
          onClick={() => void desk.step(appointment, "finish", name)}
        >
          {i18n._("Done")}
        </Button>
      )}
      {movable && (
        <Button variant="default" leftSection={<IconArrowsMove size={20} aria-hidden />} onClick={onMove}>
          {i18n._("Move to")}
        </Button>
      )}
      {may("no-show") && (
        <Button
          variant="default"
          leftSection={<IconUserX size={20} aria-hidden />}
          onClick={() => void desk.step(appointment, "miss", name)}
        >
          {i18n._("Did not come")}
        </Button>
      )}
      {before && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={20} aria-hidden />}
          onClick={() => void desk.undo(appointment, name)}
        >
          {i18n._("Back to {status}", { status: statusText(i18n, before) })}
        </Button>
      )}
      {may("cancelled") && !cancelling && (
        <Button
          variant="default"
          leftSection={<IconCalendarX size={20} aria-hidden />}
          onClick={() => setCancelling(true)}
        >
          {i18n._("Cancel appointment")}
        </Button>
      )}
      {may("roomed") && status === "arrived" && clinic.rooms.length > 0 && <Rooms {...props} />}
      {cancelling && may("cancelled") && <CancelForm {...props} onKeep={() => setCancelling(false)} />}
    </section>
  );
}

function Rooms({ appointment, name, clinic, desk }: AppointmentStepsProps) {
  const { i18n } = useLingui();
  return (
    <div className={classes.rooms}>
      <h3 className={classes.label}>{i18n._("Bring to")}</h3>
      <div className={classes.times}>
        {clinic.rooms.map((room) => (
          <Button
            key={room.id}
            variant="light"
            leftSection={<IconDoor size={20} aria-hidden />}
            onClick={() => void desk.room(appointment, room.id, name)}
          >
            {room.name}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface CancelFormProps extends AppointmentStepsProps {
  readonly onKeep: () => void;
}

function CancelForm({ appointment, name, desk, cancelling, onKeep, onClose }: CancelFormProps) {
  const { i18n } = useLingui();
  const { id, patientId } = appointment;
  const kept = useKeptForm({ form: "cancellation", patientId, of: id }, { inside: true });
  const [reason, setReason] = useKept(kept, "reason", "");
  const cancel = async () => {
    if (!(await desk.cancel(appointment, reason.trim(), name))) return;
    kept.end();
    onClose();
  };
  return (
    <form
      className={classes.cancel}
      onSubmit={(event) => {
        event.preventDefault();
        void cancel();
      }}
    >
      <KeptLine kept={kept} />
      <TextInput
        label={i18n._("Why is it cancelled?")}
        description={i18n._("The time is free for somebody else at once.")}
        maxLength={200}
        autoComplete="off"
        data-autofocus={cancelling || undefined}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.times}>
        <Button type="submit" color="red">
          {i18n._("Cancel this appointment")}
        </Button>
        <Button variant="default" onClick={onKeep}>
          {i18n._("Keep it")}
        </Button>
      </div>
    </form>
  );
}
