import { useLingui } from "@lingui/react";
import { Alert, Button, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { passwordHint, passwordText } from "#pwa/account/index.ts";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { ApiError, useSession } from "#pwa/local/index.ts";
import { DoorLayout } from "./door-layout.tsx";

interface ChoosePasswordProps {
  readonly username: string;
  /** The one-time password that somebody was given. */
  readonly password: string;
  readonly onChosen: () => void;
}

/** The first sign-in with a password from somebody else: the person chooses their own, then works with it. */
export function ChoosePassword({ username, password, onChosen }: ChoosePasswordProps) {
  const { i18n } = useLingui();
  const { actions, deviceId } = useSession();
  const [chosen, setChosen] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (chosen !== again) return setFailure(i18n._("The two passwords differ."));
    setBusy(true);
    setFailure(null);
    try {
      await actions.choosePassword({
        username,
        password,
        newPassword: chosen,
        ...(deviceId ? { deviceId } : {}),
      });
      await actions.signIn({ username, password: chosen });
    } catch (error) {
      const weak = passwordText(i18n, error);
      setFailure(weak ?? errorText(error));
      if (weak === null && error instanceof ApiError) onChosen();
    } finally {
      setBusy(false);
    }
  };

  return (
    <DoorLayout title={i18n._("Choose your password")} words={passwordHint(i18n, false)}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {failure && (
            <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert" variant="light">
              {failure}
            </Alert>
          )}
          <SecretInput
            label={i18n._("New password")}
            name="new-password"
            autoComplete="new-password"
            autoFocus
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <SecretInput
            label={i18n._("The same once more")}
            name="new-password-again"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth>
            {i18n._("Keep it and sign in")}
          </Button>
        </Stack>
      </form>
    </DoorLayout>
  );
}
