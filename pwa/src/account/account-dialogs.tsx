import { useLingui } from "@lingui/react";
import { useState } from "react";
import { issuedCodesSchema } from "#domain/access/account.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { say } from "#pwa/design/toast.tsx";
import { ApiError, ask } from "#pwa/local/index.ts";
import classes from "./account.module.css";
import { CodeField } from "./code-field.tsx";
import { passwordHint, passwordText } from "./password-words.ts";
import { RecoveryCodes } from "./recovery-codes.tsx";

interface DialogProps {
  readonly username: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** So that a password manager knows whose it is. */
const UserName = ({ username }: { readonly username: string }) => (
  <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
);

/** Another password: the present one first, so that an open tablet is not enough. */
export function ChangePassword({
  username,
  besideFactor,
  onClose,
  onDone,
}: DialogProps & { readonly besideFactor: boolean }) {
  const { i18n } = useLingui();
  const [password, setPassword] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [weak, setWeak] = useState<string | null>(null);
  const differ = next !== "" && again !== "" && next !== again;
  const send = async () => {
    setWeak(null);
    try {
      await ask("/api/account/password", { method: "POST", body: { password, newPassword: next } });
    } catch (error) {
      const words = passwordText(i18n, error);
      if (words === null) throw error;
      return setWeak(words);
    }
    say(i18n._("Your password is changed. You are signed out everywhere else."));
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Change password")}
      submit={i18n._("Use the new password")}
      disabled={password === "" || next === "" || next !== again}
      onClose={onClose}
      onSubmit={send}
    >
      <UserName username={username} />
      <SecretInput
        label={i18n._("Present password")}
        name="password"
        autoComplete="current-password"
        data-autofocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <SecretInput
        label={i18n._("New password")}
        description={passwordHint(i18n, besideFactor)}
        name="new-password"
        autoComplete="new-password"
        error={weak ?? undefined}
        value={next}
        onChange={(event) => {
          setNext(event.currentTarget.value);
          setWeak(null);
        }}
      />
      <SecretInput
        label={i18n._("The same once more")}
        name="new-password-again"
        autoComplete="new-password"
        error={differ ? i18n._("The two passwords differ.") : undefined}
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
    </DialogForm>
  );
}

interface BothProps {
  /** False for somebody whose passkey is the only factor: the sign-in by it counts for a while. */
  readonly asksCode: boolean;
  readonly password: string;
  readonly code: string;
  readonly onPassword: (value: string) => void;
  readonly onCode: (value: string) => void;
}

/** Both factors: what takes one away must not be in the power of an open tablet. */
function Both({ asksCode, password, code, onPassword, onCode }: BothProps) {
  const { i18n } = useLingui();
  return (
    <>
      <SecretInput
        label={i18n._("Password")}
        name="password"
        autoComplete="current-password"
        data-autofocus
        value={password}
        onChange={(event) => onPassword(event.currentTarget.value)}
      />
      {asksCode && (
        <CodeField
          kind="recovery"
          label={i18n._("Code from the app, or a recovery code")}
          value={code}
          onChange={onCode}
        />
      )}
    </>
  );
}

/** Sends both, and puts aside what was wrong. */
function useBoth(asksCode = true) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const sending = async <T,>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      if (error instanceof ApiError && error.code === "wrong_code") setCode("");
      if (error instanceof ApiError && error.code === "wrong_credentials") setPassword("");
      throw error;
    }
  };
  return {
    fields: { asksCode, password, code, onPassword: setPassword, onCode: setCode },
    body: asksCode ? { password, code } : { password },
    incomplete: password === "" || (asksCode && code === ""),
    sending,
  };
}

export function RemoveTotp({ onClose, onDone }: DialogProps) {
  const { i18n } = useLingui();
  const both = useBoth();
  const send = async () => {
    await both.sending(() => ask("/api/account/totp/remove", { method: "POST", body: both.body }));
    say(i18n._("The authenticator app is removed."));
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Remove the authenticator app?")}
      submit={i18n._("Remove it")}
      danger
      disabled={both.incomplete}
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._("The password alone lets you in then, and your recovery codes stop working.")}
      </p>
      <Both {...both.fields} />
    </DialogForm>
  );
}

export function NewRecoveryCodes({
  username,
  asksCode,
  onClose,
  onDone,
}: DialogProps & { readonly asksCode: boolean }) {
  const { i18n } = useLingui();
  const both = useBoth(asksCode);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const send = async () => {
    const { recoveryCodes } = await both.sending(() =>
      ask("/api/account/recovery-codes", { method: "POST", body: both.body, answer: issuedCodesSchema }),
    );
    setCodes(recoveryCodes);
  };
  if (codes) return <RecoveryCodes codes={codes} username={username} onDone={onDone} />;
  return (
    <DialogForm
      title={i18n._("Make new recovery codes")}
      submit={i18n._("Make them")}
      disabled={both.incomplete}
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>
        {asksCode
          ? i18n._("The ones you have stop working.")
          : i18n._("This takes a sign-in with your passkey in the last 15 minutes.")}
      </p>
      <Both {...both.fields} />
    </DialogForm>
  );
}
