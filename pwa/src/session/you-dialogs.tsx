import { useLingui } from "@lingui/react";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import {
  creationOptionsSchema,
  type Passkey,
  passkeyNameSchema,
  passkeySchema,
} from "#domain/access/passkey.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { say } from "#pwa/design/toast.tsx";
import { ApiError, ask, LocalError, useSession } from "#pwa/local/index.ts";
import type { MakePasskey } from "./passkeys.ts";
import classes from "./you.module.css";

interface DialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const registered = z.object({ passkey: passkeySchema });

/** Makes the passkey and tells the clinic of it. Only then is it worth wrapping anything for it. */
const registering =
  (name: string, password: string | undefined): MakePasskey =>
  async (authenticator, question) => {
    const options = await ask("/api/passkeys/options", {
      method: "POST",
      body: password === undefined ? {} : { password },
      answer: creationOptionsSchema,
    });
    const { credential, prf, secret } = await authenticator.create(options, question);
    const canUnlock = prf || secret !== null;
    await ask("/api/passkeys", {
      method: "POST",
      body: { name, prf: canUnlock, credential },
      answer: registered,
    });
    if (secret || !canUnlock) return secret;
    // It is registered whatever comes now; that it does not unlock here is said, and can be mended in the list.
    return authenticator.secretOf(credential.id).catch(() => null);
  };

/** One touch for both: signing in at the clinic, and unlocking this tablet where the authenticator can. */
export function AddPasskey({ onClose, onDone }: DialogProps) {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [password, setPassword] = useState<string | undefined>();
  const send = async () => {
    try {
      const unlocks = await actions.addPasskey(pin, registering(name.trim(), password));
      say(
        unlocks
          ? i18n._("{name} signs you in and unlocks this tablet.", { name: name.trim() })
          : i18n._("{name} signs you in. This tablet still opens with the PIN.", { name: name.trim() }),
      );
      onDone();
    } catch (error) {
      if (error instanceof LocalError && error.code === "wrong_pin") setPin("");
      if (error instanceof ApiError && error.code === "password_needed") setPassword("");
      throw error;
    }
  };
  return (
    <DialogForm
      title={i18n._("Add a passkey")}
      submit={i18n._("Go on")}
      disabled={!passkeyNameSchema.safeParse(name).success || pin === "" || password === ""}
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>{i18n._("The browser asks for your finger, face or key next.")}</p>
      <TextInput
        label={i18n._("Name of the passkey")}
        description={i18n._("So that you know it again, such as “My phone” or “Badge key”.")}
        data-autofocus
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PinField value={pin} onChange={setPin} />
      {password !== undefined && (
        <SecretInput
          label={i18n._("Password")}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
    </DialogForm>
  );
}

interface AboutPasskey extends DialogProps {
  readonly passkey: Passkey;
}

/** A passkey that was made elsewhere (a phone, a key on the badge) opens this tablet, too. */
export function UnlockByPasskey({ passkey, onClose, onDone }: AboutPasskey) {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const [pin, setPin] = useState("");
  const send = async () => {
    const unlocks = await actions.addPasskey(pin, (authenticator) =>
      authenticator.secretOf(passkey.credentialId),
    );
    if (!unlocks) throw new LocalError("no_passkey");
    say(i18n._("{name} unlocks this tablet.", { name: passkey.name }));
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Unlock this tablet with {name}", { name: passkey.name })}
      submit={i18n._("Go on")}
      disabled={pin === ""}
      onClose={onClose}
      onSubmit={send}
    >
      <PinField value={pin} onChange={setPin} />
    </DialogForm>
  );
}

/** What it unlocked is destroyed, so this asks first and cannot be taken back. */
export function RemovePasskey({ passkey, onClose, onDone }: AboutPasskey) {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const send = async () => {
    await ask(`/api/passkeys/${passkey.id}/remove`, { method: "POST", body: {} });
    await actions.dropPasskey(passkey.credentialId);
    say(i18n._("{name} is removed.", { name: passkey.name }));
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Remove {name}?", { name: passkey.name })}
      submit={i18n._("Remove this passkey")}
      danger
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._(
          "It signs you in and unlocks nothing any more, here at once and on other tablets when they reach the clinic. Your PIN and password stay.",
        )}
      </p>
    </DialogForm>
  );
}

export function ChangePin({ onClose }: { readonly onClose: () => void }) {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const differ = next !== "" && again !== "" && next !== again;
  const send = async () => {
    await actions.changePin(old, next);
    say(i18n._("The PIN of this tablet is changed."));
    onClose();
  };
  return (
    <DialogForm
      title={i18n._("Change PIN")}
      submit={i18n._("Use the new PIN")}
      disabled={old === "" || next === "" || next !== again}
      onClose={onClose}
      onSubmit={send}
    >
      <PinField value={old} onChange={setOld} autoFocus />
      <SecretInput
        label={i18n._("New PIN")}
        description={i18n._("At least 8 characters.")}
        name="new-pin"
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <SecretInput
        label={i18n._("The same PIN again")}
        name="new-pin-again"
        autoComplete="new-password"
        error={differ ? i18n._("The two PINs differ.") : undefined}
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
    </DialogForm>
  );
}

interface PinFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus?: boolean;
}

function PinField({ value, onChange, autoFocus = false }: PinFieldProps) {
  const { i18n } = useLingui();
  return (
    <SecretInput
      label={i18n._("Your PIN on this tablet")}
      name="pin"
      autoComplete="off"
      data-autofocus={autoFocus || undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
