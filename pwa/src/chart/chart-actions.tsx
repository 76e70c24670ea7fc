import { useLingui } from "@lingui/react";
import { IconDots, IconNotes, IconShieldLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { RestrictSheet, useCareTeam } from "#pwa/care-team/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./chart.module.css";
import { NextPatient, useVisitToday } from "./next-patient.tsx";

/** Today's visit of this patient, the next patient, and what is rarely needed behind the dots. */
export function ChartActions({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const may = useMay();
  const menu = useRef<HTMLDivElement>(null);
  const [restricting, setRestricting] = useState(false);
  const { team, mayOpen: inTeam } = useCareTeam(patientId);
  const visit = useVisitToday(patientId);
  return (
    <>
      {visit && (
        <Link to="/visits/$appointmentId" params={{ appointmentId: visit.id }} className={classes.action}>
          <IconNotes size={20} stroke={1.8} aria-hidden />
          {i18n._("Open visit")}
        </Link>
      )}
      <NextPatient patientId={patientId} />
      {may("chart:restrict") && inTeam && (
        <>
          <button
            type="button"
            className={classes.dots}
            popoverTarget="chart-menu"
            aria-label={i18n._("More for this chart")}
          >
            <IconDots size={22} aria-hidden />
          </button>
          <div id="chart-menu" popover="auto" ref={menu} className={classes.menu}>
            <button
              type="button"
              className={classes.menuEntry}
              onClick={() => {
                menu.current?.hidePopover();
                setRestricting(true);
              }}
            >
              <IconShieldLock size={20} stroke={1.8} aria-hidden />
              {team ? i18n._("Change the care team") : i18n._("Restrict this chart")}
            </button>
          </div>
        </>
      )}
      {restricting && <RestrictSheet patientId={patientId} onClose={() => setRestricting(false)} />}
    </>
  );
}
