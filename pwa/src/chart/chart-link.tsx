import { useLingui } from "@lingui/react";
import { IconClipboardHeart } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "./chart.module.css";

/** From a visit to the whole chart. */
export function ChartLink({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  return (
    <Link
      to="/patients/$patientId/chart"
      params={{ patientId }}
      search={{ view: "summary" }}
      className={classes.action}
    >
      <IconClipboardHeart size={20} stroke={1.8} aria-hidden />
      {i18n._("Open chart")}
    </Link>
  );
}
