import { useLingui } from "@lingui/react";
import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { passwordHint, passwordText } from "#pwa/account/index.ts";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { useSession } from "#pwa/local/index.ts";
import { DoorLayout } from "#pwa/session/door-layout.tsx";
import { useSetUpState } from "./use-set-up-state.ts";

interface EnterPageProps {
  readonly onBack: () => void;
}

/** The first administrator enters a new practice: the code, who they are, and how they will sign in. */
export function EnterPage({ onBack }: EnterPageProps) {
  const { i18n } = useLingui();
  const state = useSetUpState();
  if (state !== null && state !== "unentered")
    return (
      <DoorLayout
        title={i18n._("Somebody has entered already")}
        words={i18n._("The code was used. Sign in with your user name; an administrator can add you.")}
      >
        <Button fullWidth onClick={onBack}>
          {i18n._("Sign in")}
        </Button>
      </DoorLayout>
    );
  return <EnterForm onBack={onBack} />;
}

function EnterForm({ onBack }: EnterPageProps) {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (password !== again) return setFailure(i18n._("The two passwords differ."));
    setBusy(true);
    setFailure(null);
    try {
      await actions.askAtDoor("/api/set-up", null, { code, name: name.trim(), username, password });
      window.history.replaceState(null, "", "/set-up");
      await actions.signIn({ username, password });
    } catch (error) {
      setFailure(passwordText(i18n, error) ?? errorText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <DoorLayout
      title={i18n._("Set up this practice")}
      words={i18n._("You become its first administrator, and add the others.")}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {failure && (
            <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert" variant="light">
              {failure}
            </Alert>
          )}
          <TextInput
            label={i18n._("Code")}
            description={i18n._("25 letters and digits, printed when JamEMR was installed.")}
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            required
            withAsterisk={false}
            autoFocus
            maxLength={80}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <TextInput
            label={i18n._("Your name")}
            name="name"
            autoComplete="name"
            required
            withAsterisk={false}
            minLength={2}
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={i18n._("User name")}
            description={i18n._("Small letters, digits, dots and hyphens.")}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            required
            withAsterisk={false}
            pattern="[a-z][a-z0-9.\-]{1,30}"
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value.toLowerCase())}
          />
          <SecretInput
            label={i18n._("New password")}
            description={passwordHint(i18n, false)}
            name="new-password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <SecretInput
            label={i18n._("The same once more")}
            name="new-password-again"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth>
            {i18n._("Set up and sign in")}
          </Button>
          <Button variant="subtle" fullWidth onClick={onBack}>
            {i18n._("Back")}
          </Button>
        </Stack>
      </form>
    </DoorLayout>
  );
}
