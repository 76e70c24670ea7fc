import { useLingui } from "@lingui/react";
import { Link } from "@tanstack/react-router";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { sortOf } from "#domain/sync/review.ts";
import { useRow } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./review.module.css";

interface PlaceLinkProps {
  readonly mutation: Pick<PushedMutation, "name" | "args">;
  readonly patientId: string | null;
  /** Before the screen changes. */
  readonly onFollow: () => void;
}

const idAmong = (args: PushedMutation["args"], field: string): string =>
  typeof args[field] === "string" ? args[field] : "";

/** Where a change can be made again: the visit, the chart, the board or the patient's page. */
export function PlaceLink({ mutation: { name, args }, patientId, onFollow }: PlaceLinkProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const { row: encounter } = useRow("encounter", idAmong(args, "encounterId"));
  const { row: appointment } = useRow("appointment", args.id);
  const ofVisit = /^(note|recording|addendum|encounter)\./.test(name);
  if (ofVisit && encounter && may("chart:open"))
    return (
      <Link
        to="/visits/$appointmentId"
        params={{ appointmentId: encounter.appointmentId }}
        className={classes.link}
        onClick={onFollow}
      >
        {i18n._("Open the visit")}
      </Link>
    );
  if (name.startsWith("appointment.") && may("schedule:read"))
    return (
      <Link
        to="/board"
        search={appointment ? { open: appointment.id } : {}}
        className={classes.link}
        onClick={onFollow}
      >
        {i18n._("Open the board")}
      </Link>
    );
  if (!patientId) return null;
  if (sortOf(name) === "clinical" && may("chart:open"))
    return (
      <Link
        to="/patients/$patientId/chart"
        params={{ patientId }}
        search={{ view: "summary" }}
        className={classes.link}
        onClick={onFollow}
      >
        {i18n._("Open chart")}
      </Link>
    );
  return (
    <Link to="/patients/$patientId" params={{ patientId }} className={classes.link} onClick={onFollow}>
      {i18n._("Open patient")}
    </Link>
  );
}
