import { useLingui } from "@lingui/react";
import { Alert, Button, Stack } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { codeRequiredSchema, type SecondWay } from "#domain/access/account.ts";
import { CodeField } from "#pwa/account/index.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { ApiError, useSession } from "#pwa/local/index.ts";
import { DoorLayout } from "./door-layout.tsx";
import { PasskeyButton, passkeysOffered } from "./passkey-button.tsx";

const waysIn = (detail: unknown): readonly SecondWay[] => {
  try {
    return codeRequiredSchema.parse(JSON.parse(String(detail))).ways;
  } catch {
    return ["totp"];
  }
};

interface CodeStepProps {
  readonly username: string;
  readonly password: string;
  /** What the clinic said would do. */
  readonly detail: unknown;
  /** Back to name and password; `failure` says why, where the clinic does not take them any more. */
  readonly onBack: (failure: string | null) => void;
}

/** After the right password: the code. Name and password are kept, so that only the code is typed again. */
export function CodeStep({ username, password, detail, onBack }: CodeStepProps) {
  const { i18n } = useLingui();
  const { actions } = useSession();
  const ways = waysIn(detail);
  const [kind, setKind] = useState<"totp" | "recovery">(ways.includes("totp") ? "totp" : "recovery");
  const [code, setCode] = useState("");
  /** Wrong ones: after each the field is there anew, with the cursor in it. */
  const [wrong, setWrong] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const byCode = ways.includes("totp") || ways.includes("recovery");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await actions.signIn({ username, password, code });
    } catch (error) {
      const why = error instanceof ApiError ? error.code : null;
      if (why === "wrong_credentials" || why === "password_change_required") return onBack(errorText(error));
      if (why === "wrong_code") {
        setCode("");
        setWrong(wrong + 1);
      }
      setFailure(
        why === "wrong_code" && kind === "recovery"
          ? i18n._("That recovery code is not right, or was used before.")
          : errorText(error),
      );
    } finally {
      setBusy(false);
    }
  };
  const turn = () => {
    setKind(kind === "totp" ? "recovery" : "totp");
    setCode("");
    setFailure(null);
  };
  return (
    <DoorLayout title={byCode ? i18n._("Enter your code") : i18n._("One more step")} words={wordsFor()}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {failure && (
            <Alert color="red" icon={<IconAlertCircle aria-hidden />} role="alert" variant="light">
              {failure}
            </Alert>
          )}
          {byCode && (
            <>
              <CodeField
                key={`${kind} ${wrong}`}
                kind={kind}
                label={kind === "totp" ? i18n._("Code from the app") : i18n._("Recovery code")}
                autoFocus
                value={code}
                onChange={setCode}
              />
              <Button type="submit" loading={busy} fullWidth>
                {i18n._("Sign in")}
              </Button>
            </>
          )}
          {ways.includes("passkey") && passkeysOffered() && (
            <PasskeyButton
              label={i18n._("Sign in with a passkey")}
              use={actions.signInByPasskey}
              onFailure={setFailure}
            />
          )}
          {ways.includes("totp") && ways.includes("recovery") && (
            <Button variant="subtle" fullWidth onClick={turn}>
              {kind === "totp" ? i18n._("Use a recovery code") : i18n._("Use a code from the app")}
            </Button>
          )}
          <Button variant="subtle" fullWidth onClick={() => onBack(null)}>
            {i18n._("Back")}
          </Button>
        </Stack>
      </form>
    </DoorLayout>
  );

  function wordsFor(): string {
    if (kind === "totp")
      return i18n._("Your authenticator app shows six digits for {username}.", { username });
    if (ways.includes("recovery")) return i18n._("One of the codes that you put away. Each works once.");
    return ways.includes("passkey")
      ? i18n._("Your password is short, so it counts only together with your passkey.")
      : i18n._(
          "Your password is short, and nothing stands beside it any more. Ask your administrator to reset the second factor.",
        );
  }
}
