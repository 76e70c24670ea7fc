import { useLingui } from "@lingui/react";
import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { type Role, roles } from "#domain/access/roles.ts";
import { ReasonField, requestApproval } from "#pwa/approval/index.ts";
import { Choice, DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { roleText } from "#pwa/language/role-text.ts";
import { ask } from "#pwa/local/index.ts";
import classes from "./users.module.css";
import type { ListedUser } from "./users.page.tsx";

interface DialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}
interface AboutUser extends DialogProps {
  readonly user: ListedUser;
}

const added = z.object({ id: z.string(), oneTimePassword: z.string() });

/** A new person: without a role, and with a password that works once. */
export function AddUserDialog({ onClose, onDone }: DialogProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "person" });
  const [name, setName] = useKept(kept, "name", "");
  const [suffix, setSuffix] = useKept(kept, "suffix", "");
  const [username, setUsername] = useKept(kept, "username", "");
  const [password, setPassword] = useState<string | null>(null);
  const send = async () => {
    const { oneTimePassword } = await ask("/api/users", {
      method: "POST",
      body: { username: username.trim(), name: name.trim(), suffix: suffix.trim() },
      answer: added,
    });
    kept.end(); // also before the password is put away
    setPassword(oneTimePassword);
  };
  if (password !== null)
    return (
      <Modal
        opened
        onClose={onDone}
        title={i18n._("{name} can sign in", { name })}
        centered
        size="lg"
        withCloseButton={false}
      >
        <Stack gap="md">
          <p className={classes.words}>
            {i18n._(
              "Give this password to {name} in person. At the first sign-in they choose their own. It is not shown again.",
              { name },
            )}
          </p>
          <output className={classes.secret}>{password}</output>
          <p className={classes.words}>{i18n._("Next: ask for a role. A second person approves it.")}</p>
          <Button onClick={onDone}>{i18n._("Done")}</Button>
        </Stack>
      </Modal>
    );
  return (
    <DialogForm
      title={i18n._("Add a person")}
      submit={i18n._("Add")}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <TextInput
        label={i18n._("Name")}
        required
        withAsterisk={false}
        minLength={2}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={i18n._("Title behind the name, such as MD or RN")}
        maxLength={20}
        value={suffix}
        onChange={(event) => setSuffix(event.currentTarget.value)}
      />
      <TextInput
        label={i18n._("User name")}
        description={i18n._("Small letters, digits, dots and hyphens.")}
        required
        withAsterisk={false}
        pattern="[a-z][a-z0-9.\-]{1,30}"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value.toLowerCase())}
      />
    </DialogForm>
  );
}

/** Asks for a role to be given or taken. Nothing changes before a second person approves. */
export function RoleDialog({ user, onClose, ...ends }: AboutUser) {
  const { i18n } = useLingui();
  const grantable = roles.filter((role) => !user.roles.includes(role));
  // Nothing is chosen beforehand: nobody gets a role by a tap too many.
  const kept = useKeptForm({ form: "role", of: user.id });
  const onDone = kept.closing(ends.onDone);
  const [change, setChange] = useKept(kept, "change", "");
  const [reason, setReason] = useKept(kept, "reason", "");
  const options = [
    { value: "", label: i18n._("Choose…") },
    ...grantable.map((role) => ({
      value: `role.grant ${role}`,
      label: i18n._("Give: {role}", { role: roleText(i18n, role) }),
    })),
    ...user.roles.map((role) => ({
      value: `role.remove ${role}`,
      label: i18n._("Take away: {role}", { role: roleText(i18n, role) }),
    })),
  ];
  const send = async () => {
    const [kind, role] = change.split(" ") as ["role.grant" | "role.remove", Role];
    await requestApproval({ kind, role, userId: user.id }, reason);
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Change the role of {name}", { name: user.name })}
      submit={i18n._("Ask for it")}
      disabled={change === ""}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <Choice label={i18n._("Change")} value={change} onChange={setChange} options={options} />
      <ReasonField value={reason} onChange={setReason} />
      <p className={classes.words}>
        {i18n._("A second person sees exactly this and decides. You then carry it out under Approvals.")}
      </p>
    </DialogForm>
  );
}

/** Asks for the access of somebody to be given back. */
export function EnableDialog({ user, onClose, ...ends }: AboutUser) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "user.enable", of: user.id });
  const onDone = kept.closing(ends.onDone);
  const [reason, setReason] = useKept(kept, "reason", "");
  const send = async () => {
    await requestApproval({ kind: "user.enable", userId: user.id }, reason);
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Give {name} access again", { name: user.name })}
      submit={i18n._("Ask for it")}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}
