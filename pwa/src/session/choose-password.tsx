import { useLingui } from "@lingui/react";
import { Alert, Button, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { useSession } from "#pwa/local/index.ts";
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
  const { actions } = useSession();
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
      await actions.choosePassword({ username, password, newPassword: chosen });
      await actions.signIn({ username, password: chosen });
    } catch (error) {
      setFailure(errorText(error));
      if (!(error instanceof Error && "code" in error && error.code === "weak_password")) onChosen();
    } finally {
      setBusy(false);
    }
  };

  return (
    <DoorLayout
      title={i18n._("Choose your password")}
      words={i18n._(
        "At least 15 characters: four or five words that do not belong together are easy to keep in mind.",
      )}
    >
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
