import { useLingui } from "@lingui/react";
import { useMantineColorScheme } from "@mantine/core";
import {
  type Icon,
  IconLock,
  IconLogout,
  IconMoon,
  IconSun,
  IconSunset2,
  IconUserCog,
  IconUsers,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { errorText } from "#pwa/language/error-text.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { useConnection, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./user-menu.module.css";

/** Who works here now; lock, switch role, sign out. The browser's own popover closes on Escape and outside taps. */
export function UserMenu() {
  const { i18n } = useLingui();
  const { user, actions } = useSession();
  const { waiting } = useConnection();
  const may = useMay();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [failure, setFailure] = useState<string | null>(null);
  const menu = useRef<HTMLDivElement>(null);
  if (!user) return null;
  const dark =
    colorScheme === "dark" || (colorScheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const run = (work: Promise<void>) =>
    work.then(
      () => menu.current?.hidePopover(),
      (error: unknown) => setFailure(errorText(error)),
    );
  return (
    <>
      <button
        type="button"
        className={classes.user}
        popoverTarget="user-menu"
        aria-label={i18n._("{name}, menu", { name: user.name })}
      >
        <span className={classes.initials} aria-hidden>
          {initialsOf(user.name)}
        </span>
        <span className={classes.userText}>
          <span className={classes.userName}>{user.name}</span>
          <span className={classes.userRole}>{roleText(i18n, user.role)}</span>
        </span>
      </button>
      <div id="user-menu" popover="auto" className={classes.menu} ref={menu}>
        {failure && (
          <p role="alert" className={classes.words}>
            {failure}
          </p>
        )}
        <Entry icon={IconLock} label={i18n._("Lock this tablet")} onClick={() => run(actions.lock())} />
        {user.roles
          .filter((role) => role !== user.role)
          .map((role) => (
            <Entry
              key={role}
              icon={IconUsers}
              label={i18n._("Work as {role}", { role: roleText(i18n, role) })}
              onClick={() => run(actions.switchRole(role))}
            />
          ))}
        <Entry
          icon={dark ? IconSun : IconMoon}
          label={dark ? i18n._("Light appearance") : i18n._("Dark appearance")}
          onClick={() => setColorScheme(dark ? "light" : "dark")}
        />
        <Link to="/you" className={classes.entry} onClick={() => menu.current?.hidePopover()}>
          <IconUserCog size={20} aria-hidden />
          {i18n._("Your account")}
        </Link>
        <hr className={classes.line} />
        {may("chart:open") && (
          <Link to="/day-close" className={classes.entry} onClick={() => menu.current?.hidePopover()}>
            <IconSunset2 size={20} aria-hidden />
            {i18n._("End of the day")}
          </Link>
        )}
        {waiting > 0 && (
          <p className={classes.words}>
            {i18n._("{waiting} not sent yet; they stay sealed here and will be sent.", { waiting })}
          </p>
        )}
        <Entry icon={IconLogout} label={i18n._("Sign out")} onClick={() => run(actions.signOut())} />
      </div>
    </>
  );
}

/** The first letters of the first and the last word: who works here, at a glance on a shared tablet. */
const initialsOf = (name: string): string => {
  const words = name.split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.charAt(0) ?? "").join("");
};

interface EntryProps {
  readonly icon: Icon;
  readonly label: string;
  readonly onClick: () => void;
}

function Entry({ icon: IconOf, label, onClick }: EntryProps) {
  return (
    <button type="button" className={classes.entry} onClick={onClick}>
      <IconOf size={20} aria-hidden />
      {label}
    </button>
  );
}
