import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCircleCheck, IconCloudUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { codeText } from "#pwa/language/error-text.ts";
import { birthDateText, timeText } from "#pwa/language/language.ts";
import { type OutboxItem, useRow, useSession } from "#pwa/local/index.ts";
import { mutationText } from "#pwa/outbox/mutation-text.ts";
import classes from "./day-close.module.css";
import type { DayVisit } from "./day-close.ts";
import { changesText, noteMark, soundMark } from "./day-close-words.ts";

/** One visit: whose, when, and what of it is where. The tap leads to the visit. */
export function VisitRow({ visit }: { readonly visit: DayVisit }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { appointment, note, sounds, waiting, refused, safe } = visit;
  const { row: patient } = useRow("patient", appointment.patientId);
  return (
    <li className={classes.row} data-safe={safe} data-refused={refused.length > 0}>
      <Link to="/visits/$appointmentId" params={{ appointmentId: appointment.id }} className={classes.open}>
        <span className={classes.time}>{timeText(appointment.start, practice?.zone ?? "UTC")}</span>
        <span className={classes.who}>
          <span className={classes.name}>
            {patient ? patientName(patient) : i18n._("Not on this tablet")}
          </span>
          {patient && (
            <span className={classes.identifiers}>
              {i18n._("Born {birthDate}", { birthDate: birthDateText(patient.birthDate) })}
              {patient.recordNumber && ` · ${patient.recordNumber}`}
            </span>
          )}
        </span>
      </Link>
      <span className={classes.marks}>
        {[noteMark(i18n, note), ...sounds.map(({ place }) => soundMark(i18n, place))].map(
          ({ tone, icon, words }, index) => (
            <StateBadge key={index} tone={tone} icon={icon}>
              {words}
            </StateBadge>
          ),
        )}
        {waiting > 0 && (
          <StateBadge tone="accent" icon={IconCloudUp}>
            {changesText(i18n, waiting)}
          </StateBadge>
        )}
      </span>
      <span className={classes.verdict}>
        {safe ? (
          <StateBadge tone="good" icon={IconCircleCheck}>
            {i18n._("Safe")}
          </StateBadge>
        ) : (
          <StateBadge tone={refused.length > 0 ? "bad" : "warn"} icon={IconAlertTriangle}>
            {i18n._("Not safe yet")}
          </StateBadge>
        )}
      </span>
      {refused.length > 0 && (
        <ul className={classes.refusals}>
          {refused.map((item) => (
            <Refusal key={item.n} item={item} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Why, and where it is sent again or given up. */
function Refusal({ item }: { readonly item: OutboxItem }) {
  const { i18n } = useLingui();
  const change = mutationText(i18n, item.name);
  return (
    <li className={classes.refusal}>
      <StateBadge tone="bad" icon={IconAlertTriangle}>
        {i18n._("Refused")}
      </StateBadge>
      <strong>{change}</strong>
      {item.code && <span>{codeText(item.code)}</span>}
      <Link to="/waiting" className={classes.link} aria-label={i18n._("Decide: {change}", { change })}>
        {i18n._("Decide")}
      </Link>
    </li>
  );
}
