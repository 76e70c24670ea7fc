import { useLingui } from "@lingui/react";
import { IconDots } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { ApprovalBadge } from "#pwa/approval/approval-badge.tsx";
import { GlassBadge } from "#pwa/break-glass/glass-badge.tsx";
import { EmergencyBadge } from "#pwa/emergency-access/emergency-badge.tsx";
import { ReviewBadge } from "#pwa/review/review-badge.tsx";
import { TaskBadge } from "#pwa/task/task-badge.tsx";
import type { placesOf } from "./places.ts";
import classes from "./shell.module.css";
import menu from "./user-menu.module.css";

/** Places beside each other; those of a role with many more stand behind one button. */
const BESIDE = 5;

type Places = ReturnType<typeof placesOf>;

const badges: Partial<Record<Places[number]["to"], () => ReactNode>> = {
  "/tasks": TaskBadge,
  "/review": ReviewBadge,
  "/approvals": ApprovalBadge,
  "/break-glass": GlassBadge,
  "/emergency-access": EmergencyBadge,
};

/** How much waits there. */
function PlaceBadge({ to }: { readonly to: Places[number]["to"] }) {
  const Badge = badges[to];
  return Badge ? <Badge /> : null;
}

/** Where a person can go. */
export function PlaceNav({ places }: { readonly places: Places }) {
  const { i18n } = useLingui();
  const beside = places.length > BESIDE + 1 ? places.slice(0, BESIDE) : places;
  return (
    <nav className={classes.nav} aria-label={i18n._("Main")}>
      {beside.map(({ to, label, icon: IconOf }) => (
        <Link
          key={to}
          to={to}
          className={classes.place}
          activeProps={{ "data-active": true }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          <IconOf size={20} stroke={1.8} aria-hidden />
          {i18n._(label)}
          <PlaceBadge to={to} />
        </Link>
      ))}
      {beside.length < places.length && <More places={places.slice(beside.length)} />}
    </nav>
  );
}

function More({ places }: { readonly places: Places }) {
  const { i18n } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  const here = useRouterState({ select: ({ location }) => location.pathname });
  const label = places.find(({ to }) => to === here)?.label;
  return (
    <>
      <button
        type="button"
        className={classes.place}
        popoverTarget="more-places"
        data-active={label ? true : undefined}
      >
        <IconDots size={20} stroke={1.8} aria-hidden />
        {label ? i18n._(label) : i18n._("More")}
      </button>
      <div id="more-places" popover="auto" className={`${menu.menu} ${classes.more}`} ref={list}>
        {places.map(({ to, label, icon: IconOf }) => (
          <Link key={to} to={to} className={menu.entry} onClick={() => list.current?.hidePopover()}>
            <IconOf size={20} aria-hidden />
            {i18n._(label)}
            <PlaceBadge to={to} />
          </Link>
        ))}
      </div>
    </>
  );
}
