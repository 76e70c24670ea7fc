import { useLingui } from "@lingui/react";
import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconLock, IconLogout, IconMoon, IconSun, IconUserCircle, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import type { Role } from "#domain/access/roles.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { useConnection, useSession } from "#pwa/local/index.ts";
import classes from "./shell.module.css";

/** Who works here now; lock, switch role, sign out. */
export function UserMenu() {
  const { i18n } = useLingui();
  const { user, actions } = useSession();
  const { waiting } = useConnection();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [failure, setFailure] = useState<string | null>(null);
  if (!user) return null;
  const dark =
    colorScheme === "dark" || (colorScheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const run = (work: Promise<void>) => work.catch((error: unknown) => setFailure(errorText(error)));
  return (
    <Menu width={280} position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={i18n._("{name}, menu", { name: user.name })}>
          <IconUserCircle size={28} stroke={1.6} aria-hidden />
          <span className={classes.userText}>
            <div className={classes.userName}>{user.name}</div>
            <div className={classes.userRole}>{roleText(i18n, user.role)}</div>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {failure && <Menu.Label>{failure}</Menu.Label>}
        <Menu.Item leftSection={<IconLock size={20} aria-hidden />} onClick={() => run(actions.lock())}>
          {i18n._("Lock this tablet")}
        </Menu.Item>
        {user.roles
          .filter((role) => role !== user.role)
          .map((role) => (
            <Menu.Item
              key={role}
              leftSection={<IconUsers size={20} aria-hidden />}
              onClick={() => run(actions.switchRole(role))}
            >
              {i18n._("Work as {role}", { role: roleText(i18n, role) })}
            </Menu.Item>
          ))}
        <Menu.Item
          leftSection={dark ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />}
          onClick={() => setColorScheme(dark ? "light" : "dark")}
        >
          {dark ? i18n._("Light appearance") : i18n._("Dark appearance")}
        </Menu.Item>
        <Menu.Divider />
        {waiting > 0 && (
          <Menu.Label>
            {i18n._("{waiting} not sent yet; they stay sealed here and will be sent.", { waiting })}
          </Menu.Label>
        )}
        <Menu.Item leftSection={<IconLogout size={20} aria-hidden />} onClick={() => run(actions.signOut())}>
          {i18n._("Sign out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function roleText(i18n: ReturnType<typeof useLingui>["i18n"], role: Role): string {
  const words: Record<Role, string> = {
    clinician: i18n._("Clinician"),
    nurse: i18n._("Nurse"),
    "front-desk": i18n._("Front desk"),
    administrator: i18n._("Administrator"),
    "practice-it": i18n._("Practice IT"),
    "privacy-officer": i18n._("Privacy officer"),
    "security-officer": i18n._("Security officer"),
  };
  return words[role];
}
