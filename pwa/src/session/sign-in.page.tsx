import { useLingui } from "@lingui/react";
import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { ApiError, useSession } from "#pwa/local/index.ts";
import { ChoosePassword } from "./choose-password.tsx";
import { DoorLayout } from "./door-layout.tsx";

/** Name and password: the first time on a tablet, and whenever the clinic ended the session. */
export function SignInPage() {
  const { i18n } = useLingui();
  const session = useSession();
  const again = session.state === "reauth";
  const [username, setUsername] = useState(
    again ? (session.users.find((user) => user.id === session.user?.id)?.username ?? "") : "",
  );
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const [choosing, setChoosing] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await session.actions.signIn({ username: username.trim(), password });
    } catch (error) {
      if (error instanceof ApiError && error.code === "password_change_required") setChoosing(true);
      else {
        setFailure(errorText(error));
        setPassword("");
      }
    } finally {
      setBusy(false);
    }
  };

  if (choosing)
    return (
      <ChoosePassword username={username.trim()} password={password} onChosen={() => setChoosing(false)} />
    );
  return (
    <DoorLayout
      title={again ? i18n._("Please sign in again") : i18n._("Sign in")}
      words={
        again
          ? i18n._("The clinic ended this session. Everything you entered is kept on this tablet.")
          : undefined
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {failure && (
            <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert" variant="light">
              {failure}
            </Alert>
          )}
          <TextInput
            label={i18n._("User name")}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            required
            withAsterisk={false}
            autoFocus={!again}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <SecretInput
            label={i18n._("Password")}
            name="password"
            autoComplete="current-password"
            autoFocus={again}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth>
            {i18n._("Sign in")}
          </Button>
          {session.users.length > 0 && !again && (
            <Button
              variant="subtle"
              fullWidth
              onClick={() => session.actions.switchUser(session.users[0]!.id)}
            >
              {i18n._("Use a PIN on this tablet")}
            </Button>
          )}
        </Stack>
      </form>
    </DoorLayout>
  );
}
