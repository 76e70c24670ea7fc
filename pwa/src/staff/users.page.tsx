import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { roles } from "#domain/access/roles.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { AccessReport } from "./access-report.tsx";
import { EndAccessDialog } from "./end-access.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";
import { AddUserDialog, EnableDialog, RoleDialog } from "./user-dialogs.tsx";
import classes from "./users.module.css";

const userSchema = z.looseObject({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  suffix: z.string(),
  roles: z.array(z.enum(roles)),
  disabled: z.boolean(),
  pending: z.boolean(),
  secondFactor: z.boolean().default(false),
  asksForCode: z.boolean().default(false),
  lastSeenAt: z.string().nullable(),
});
export type ListedUser = z.infer<typeof userSchema>;
const answer = z.object({ users: z.array(userSchema) });

type Open =
  | { readonly kind: "add" }
  | { readonly kind: "role" | "sign-in" | "disable" | "enable" | "report"; readonly user: ListedUser };

/** The people of the practice: who works in which role, whose access was ended, and requests to change it. */
export function UsersPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "user:read").allowed)
    return <DeniedPage permission="user:read" />;
  return <Users />;
}

function Users() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const answered = useAnswer("/api/users", answer);
  const [open, setOpen] = useState<Open | null>(null);
  const actor = { type: "user" as const, id: user!.id, role: user!.role, deviceId: null };
  const may = {
    add: can(actor, "user:write").allowed,
    ask: can(actor, "role:request").allowed,
    signIn: can(actor, "passkey:remove").allowed,
    disable: can(actor, "user:disable").allowed,
  };
  const close = () => setOpen(null);
  const done = () => {
    close();
    answered.reload();
  };
  if (open?.kind === "report") return <AccessReport userId={open.user.id} onBack={done} />;
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("People")}</h1>
        <AsOf {...answered} />
        {may.add && (
          <Button
            leftSection={<IconUserPlus size={20} aria-hidden />}
            onClick={() => setOpen({ kind: "add" })}
          >
            {i18n._("Add a person")}
          </Button>
        )}
      </header>
      <OnlineOnly answered={answered} label={i18n._("People are being opened")}>
        {({ users }) => (
          <ul className={classes.list}>
            {users.map((person) => (
              <Row key={person.id} person={person} may={may} self={person.id === user?.id} onOpen={setOpen} />
            ))}
          </ul>
        )}
      </OnlineOnly>
      <ToastPlace />
      {open?.kind === "add" && <AddUserDialog onClose={close} onDone={done} />}
      {open?.kind === "role" && <RoleDialog user={open.user} onClose={close} onDone={done} />}
      {open?.kind === "sign-in" && <SignInDialog user={open.user} onClose={close} />}
      {open?.kind === "disable" && (
        <EndAccessDialog
          user={open.user}
          onClose={close}
          onDone={() => setOpen({ kind: "report", user: open.user })}
        />
      )}
      {open?.kind === "enable" && <EnableDialog user={open.user} onClose={close} onDone={done} />}
    </>
  );
}

interface RowProps {
  readonly person: ListedUser;
  readonly may: { readonly ask: boolean; readonly signIn: boolean; readonly disable: boolean };
  readonly self: boolean;
  readonly onOpen: (open: Open) => void;
}

function Row({ person, may, self, onOpen }: RowProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  return (
    <li className={classes.row} data-disabled={person.disabled}>
      <span className={classes.who}>
        <span className={classes.name}>
          {person.name}
          {person.suffix && `, ${person.suffix}`}
        </span>
        <span className={classes.meta}>{person.username}</span>
      </span>
      <span className={classes.roles}>
        {person.disabled ? (
          <StateBadge tone="bad">{i18n._("No access")}</StateBadge>
        ) : person.roles.length === 0 ? (
          <StateBadge tone="warn">{i18n._("No role yet")}</StateBadge>
        ) : (
          person.roles.map((role) => <StateBadge key={role}>{roleText(i18n, role)}</StateBadge>)
        )}
        {person.pending && !person.disabled && (
          <StateBadge tone="warn">{i18n._("Has not chosen a password")}</StateBadge>
        )}
      </span>
      <span className={classes.meta}>
        {person.lastSeenAt
          ? i18n._("Last sign-in {when}", {
              when: dateTimeText(new Date(person.lastSeenAt).toISOString(), practice?.zone ?? "UTC"),
            })
          : i18n._("Never signed in")}
      </span>
      <span className={classes.actions}>
        {may.ask && !person.disabled && (
          <Button variant="default" size="sm" h={44} onClick={() => onOpen({ kind: "role", user: person })}>
            {i18n._("Change role")}
          </Button>
        )}
        {may.signIn && !self && (
          <Button
            variant="default"
            size="sm"
            h={44}
            onClick={() => onOpen({ kind: "sign-in", user: person })}
          >
            {i18n._("Sign-in")}
          </Button>
        )}
        {may.disable && !person.disabled && !self && (
          <Button
            variant="subtle"
            color="red"
            size="sm"
            h={44}
            onClick={() => onOpen({ kind: "disable", user: person })}
          >
            {i18n._("End access")}
          </Button>
        )}
        {may.disable && person.disabled && (
          <Button variant="default" size="sm" h={44} onClick={() => onOpen({ kind: "report", user: person })}>
            {i18n._("What is left")}
          </Button>
        )}
        {may.ask && person.disabled && (
          <Button variant="default" size="sm" h={44} onClick={() => onOpen({ kind: "enable", user: person })}>
            {i18n._("Give access again")}
          </Button>
        )}
      </span>
    </li>
  );
}
