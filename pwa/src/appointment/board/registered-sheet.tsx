import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconCalendarPlus, IconCheck, IconWalk } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Sheet } from "#pwa/design/sheet.tsx";
import { useRow } from "#pwa/local/index.ts";
import { PatientLine } from "#pwa/patient/index.ts";
import classes from "./sheets.module.css";

interface RegisteredSheetProps {
  readonly patientId: string;
  readonly today: string;
  readonly mayWrite: boolean;
  readonly onBook: () => void;
  readonly onWalkIn: () => void;
  readonly onClose: () => void;
}

/** Nobody registers for nothing: the new patient is booked next, or stands at the desk already. */
export function RegisteredSheet(props: RegisteredSheetProps) {
  const { patientId, today, mayWrite, onBook, onWalkIn, onClose } = props;
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", patientId);
  return (
    <Sheet title={i18n._("New patient")} onClose={onClose}>
      <div className={classes.form}>
        <p role="status" className={classes.done}>
          <IconCheck size={20} aria-hidden />
          {i18n._("Registered.")}
        </p>
        {patient && (
          <div className={classes.chosen}>
            <PatientLine patient={patient} today={today} />
            <Link to="/patients/$patientId" params={{ patientId }} className={classes.link}>
              {i18n._("Details")}
            </Link>
          </div>
        )}
        {mayWrite && (
          <div className={classes.steps}>
            <Button
              data-autofocus
              leftSection={<IconCalendarPlus size={20} aria-hidden />}
              onClick={onBook}
              ref={(button) => button?.focus()}
            >
              {i18n._("Book")}
            </Button>
            <Button variant="default" leftSection={<IconWalk size={20} aria-hidden />} onClick={onWalkIn}>
              {i18n._("Is here now: walk-in")}
            </Button>
          </div>
        )}
      </div>
    </Sheet>
  );
}
