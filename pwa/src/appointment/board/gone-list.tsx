import { useLingui } from "@lingui/react";
import type { Appointment } from "#domain/appointment/index.ts";
import { type Patient, patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { Sheet } from "#pwa/design/sheet.tsx";
import { timeText } from "#pwa/language/language.ts";
import classes from "./sheets.module.css";
import { statusIcon, statusText } from "./status.tsx";

interface GoneListProps {
  readonly appointments: readonly Appointment[];
  readonly patients: ReadonlyMap<string, Patient>;
  readonly zone: string;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** Who cancelled or did not come: they hold no time on the board any more, and can still be opened here. */
export function GoneList({ appointments, patients, zone, onOpen, onClose }: GoneListProps) {
  const { i18n } = useLingui();
  return (
    <Sheet title={i18n._("Not coming")} onClose={onClose}>
      <ul className={classes.gone}>
        {appointments.map((one) => {
          const patient = patients.get(one.patientId);
          return (
            <li key={one.id}>
              <button type="button" className={classes.goneRow} onClick={() => onOpen(one.id)}>
                <span>
                  <strong>{timeText(one.start, zone)}</strong>{" "}
                  {patient ? patientName(patient) : i18n._("Not on this tablet")}
                </span>
                <StateBadge tone="warn" icon={statusIcon[one.status]}>
                  {statusText(i18n, one.status)}
                </StateBadge>
              </button>
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}
