import { useLingui } from "@lingui/react";
import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type ComponentType, type FormEvent, useEffect, useState } from "react";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { ApiError, useSession } from "#pwa/local/index.ts";
import { DoorLayout } from "./door-layout.tsx";
import { PasskeyButton, passkeysOffered } from "./passkey-button.tsx";

/** Once in a person's time at the practice, and never without the clinic. */
const ChoosePassword = lazyPart(() =>
  import("./choose-password.tsx").then((module) => module.ChoosePassword),
);

/** Only for people with a second factor, and never without the clinic. */
const CodeStep = lazyPart(() => import("./code-step.tsx").then((module) => module.CodeStep));

/** Once in a practice's life. */
const EnterPage = lazyPart(() => import("#pwa/set-up/enter.page.tsx").then((module) => module.EnterPage));

/** Whether this browser was a tablet before: see pwa/src/local/storage/store-mark.ts. */
function isMarked(): boolean {
  try {
    return localStorage.getItem("jamemr-store") !== null;
  } catch {
    return false;
  }
}

/** Nobody is known here: either it is a new tablet, or one whose browser cleared it. */
function useLostStoreNotice(asked: boolean): ComponentType | null {
  const [notice, setNotice] = useState<{ readonly of: ComponentType } | null>(null);
  useEffect(() => {
    if (asked && isMarked())
      import("#pwa/storage/lost-store-notice.tsx").then(
        ({ LostStoreNotice }) => setNotice({ of: LostStoreNotice }),
        () => {}, // whoever gets in is told of it no less: the clinic is
      );
  }, [asked]);
  return notice?.of ?? null;
}

/** What a practice that nobody has entered says at its door; only where nobody has worked on this tablet either. */
function useSetUpNotice(asked: boolean) {
  const [notice, setNotice] = useState<{ readonly of: ComponentType<{ onEnter: () => void }> } | null>(null);
  useEffect(() => {
    if (asked)
      import("#pwa/set-up/door-notice.tsx").then(
        ({ DoorNotice }) => setNotice({ of: DoorNotice }),
        () => {}, // the clinic does not answer: there is nothing to enter yet
      );
  }, [asked]);
  return notice?.of ?? null;
}

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
  const [codeAsked, setCodeAsked] = useState<{ readonly detail: unknown } | null>(null);
  const [entering, setEntering] = useState(!again && window.location.pathname === "/set-up");
  const SetUpNotice = useSetUpNotice(session.users.length === 0);
  const LostStoreNotice = useLostStoreNotice(session.users.length === 0);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await session.actions.signIn({ username: username.trim(), password });
    } catch (error) {
      if (error instanceof ApiError && error.code === "password_change_required") setChoosing(true);
      else if (error instanceof ApiError && error.code === "code_required") setCodeAsked(error);
      else {
        setFailure(errorText(error));
        setPassword("");
      }
    } finally {
      setBusy(false);
    }
  };

  if (entering) return <EnterPage onBack={() => setEntering(false)} />;
  if (choosing)
    return (
      <ChoosePassword username={username.trim()} password={password} onChosen={() => setChoosing(false)} />
    );
  if (codeAsked)
    return (
      <CodeStep
        username={username.trim()}
        password={password}
        detail={codeAsked.detail}
        onBack={(why) => {
          setCodeAsked(null);
          setFailure(why);
          if (why !== null) setPassword("");
        }}
      />
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
      {LostStoreNotice && <LostStoreNotice />}
      {SetUpNotice && <SetUpNotice onEnter={() => setEntering(true)} />}
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
          {passkeysOffered() && (
            <PasskeyButton
              label={i18n._("Sign in with a passkey")}
              use={session.actions.signInByPasskey}
              onFailure={setFailure}
            />
          )}
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
