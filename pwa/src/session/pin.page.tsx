import { useLingui } from "@lingui/react";
import { Alert, Button, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { LocalError, useSession } from "#pwa/local/index.ts";
import { checkNewPin } from "#pwa/local/keys/keyring.ts";
import classes from "./door-layout.module.css";
import { DoorLayout } from "./door-layout.tsx";
import { PasskeyButton } from "./passkey-button.tsx";
import { useSecondsUntil } from "./use-seconds-until.ts";

/** Chooses the PIN that opens this person's records on this tablet. */
export function SetPinPage() {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const [pin, setPin] = useState("");
  const [repeat, setRepeat] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setFailure(null);
    try {
      checkNewPin(pin);
      if (pin !== repeat) return setFailure(i18n._("The two PINs differ."));
      setBusy(true);
      await actions.setPin(pin);
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };

  return (
    <DoorLayout
      title={i18n._("Choose a PIN for this tablet")}
      words={i18n._("It opens your records here, also without the network. At least 8 characters.")}
    >
      {/* What is wrong stands on the page: a browser's own bubble is gone before everybody has read it. */}
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {failure && <Failure words={failure} />}
          <PinInput label={i18n._("New PIN")} value={pin} onChange={setPin} autoFocus fresh />
          <PinInput label={i18n._("The same PIN again")} value={repeat} onChange={setRepeat} fresh />
          <Button type="submit" loading={busy} fullWidth>
            {i18n._("Use this PIN")}
          </Button>
        </Stack>
      </form>
    </DoorLayout>
  );
}

/** Opens the tablet. Works without the clinic. */
export function UnlockPage() {
  const { i18n } = useLingui();
  const session = useSession();
  const wait = useSecondsUntil(session.pinWaitUntil);
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [passkeyFailure, setPasskeyFailure] = useState<string | null>(null);
  const others = session.users.filter((user) => user.id !== session.user?.id);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    setPasskeyFailure(null);
    try {
      await session.actions.unlock(pin);
    } catch (error) {
      setPin("");
      if (!(error instanceof LocalError && error.code === "pin_wait")) setFailure(errorText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <DoorLayout
      title={session.user ? session.user.name : i18n._("Unlock")}
      words={i18n._("Enter your PIN to unlock this tablet.")}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {wait > 0 ? (
            <Failure
              words={i18n._(
                "Too many wrong PINs. Try again in {wait, plural, one {# second} other {# seconds}}.",
                { wait },
              )}
            />
          ) : (
            failure && <Failure words={failure} />
          )}
          {passkeyFailure && <Failure words={passkeyFailure} />}
          <PinInput label={i18n._("PIN")} value={pin} onChange={setPin} autoFocus disabled={wait > 0} />
          <Button type="submit" loading={busy} disabled={wait > 0} fullWidth>
            {i18n._("Unlock")}
          </Button>
          {session.passkeys.length > 0 && (
            <PasskeyButton
              label={i18n._("Unlock with passkey")}
              use={session.actions.unlockByPasskey}
              onFailure={setPasskeyFailure}
            />
          )}
          <Button variant="subtle" fullWidth onClick={() => session.actions.switchUser(null)}>
            {i18n._("Sign in with a password")}
          </Button>
          <ForgottenPin />
        </Stack>
      </form>
      {others.length > 0 && (
        <section className={classes.people} aria-label={i18n._("Somebody else on this tablet")}>
          <p className={classes.peopleHead}>{i18n._("Somebody else on this tablet")}</p>
          {others.map((user) => (
            <Button key={user.id} variant="default" onClick={() => session.actions.switchUser(user.id)}>
              {user.name}
            </Button>
          ))}
        </section>
      )}
    </DoorLayout>
  );
}

/** The way back in for who forgot the PIN. Nothing is given up before the password was right and a new PIN was chosen. */
function ForgottenPin() {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button variant="subtle" fullWidth onClick={() => setAsked(true)}>
        {i18n._("I forgot the PIN")}
      </Button>
    );
  return (
    <Alert variant="light" role="status" title={i18n._("A new PIN needs your password")}>
      <Stack gap="sm">
        {i18n._(
          "The clinic must be in reach. What you wrote here and was not sent yet is kept and sent; your charts are fetched again.",
        )}
        <Button variant="default" fullWidth onClick={() => actions.forgetPin()}>
          {i18n._("Sign in and choose a new PIN")}
        </Button>
      </Stack>
    </Alert>
  );
}

/** Only one tab of a browser works with the records. */
export function ElsewherePage() {
  const { i18n } = useLingui();
  const { actions } = useSession();
  return (
    <DoorLayout
      title={i18n._("JamEMR is open in another tab")}
      words={i18n._("Only one tab at a time works with the records.")}
    >
      <Button fullWidth onClick={() => actions.useHere()}>
        {i18n._("Use here")}
      </Button>
    </DoorLayout>
  );
}

function Failure({ words }: { readonly words: string }) {
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
      {words}
    </Alert>
  );
}

interface PinInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus?: boolean;
  readonly disabled?: boolean;
  readonly fresh?: boolean;
}

function PinInput({
  label,
  value,
  onChange,
  autoFocus = false,
  disabled = false,
  fresh = false,
}: PinInputProps) {
  return (
    <SecretInput
      label={label}
      name={fresh ? "new-pin" : "pin"}
      autoComplete={fresh ? "new-password" : "off"}
      minLength={fresh ? 8 : undefined}
      autoFocus={autoFocus}
      disabled={disabled}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
