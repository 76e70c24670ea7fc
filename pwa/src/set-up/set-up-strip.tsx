import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconProgress } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { setUpStateSchema } from "#domain/set-up/index.ts";
import { useAnswer } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./set-up.module.css";

/** How often is asked whether the practice has opened, in milliseconds. */
const AGAIN = 10_000;

/** Why no patient can be entered yet, on every screen, and the way on. Once the practice has opened it is asked no more. */
export function SetUpStrip() {
  const { i18n } = useLingui();
  const may = useMay();
  const { pathname } = useLocation();
  const [waits, setWaits] = useState(true);
  const { value } = useAnswer("/api/set-up", setUpStateSchema, waits ? AGAIN : undefined);
  const isOpen = value?.state === "open";
  if (isOpen && waits) setWaits(false);
  // The page itself says how far it is, and sooner.
  if (value === null || isOpen || pathname === "/set-up") return null;
  return (
    <div className={classes.strip} role="status">
      <IconProgress size={20} stroke={2} aria-hidden />
      <span>
        {i18n._("This practice is being set up. Patients can be entered once both officers have accepted.")}
      </span>
      {may("set-up:read") && (
        <Button component={Link} to="/set-up" size="sm" h={44} variant="default">
          {i18n._("Go on with it")}
        </Button>
      )}
    </div>
  );
}
