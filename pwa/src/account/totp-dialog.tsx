import { useLingui } from "@lingui/react";
import { useEffect, useRef, useState } from "react";
import { issuedCodesSchema, type NewTotp, newTotpSchema } from "#domain/access/account.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { LoadingRows } from "#pwa/design/state.tsx";
import { ApiError, ask } from "#pwa/local/index.ts";
import classes from "./account.module.css";
import { CodeField } from "./code-field.tsx";
import { QrCode } from "./qr-code.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

interface TotpDialogProps {
  readonly username: string;
  /** One is set up already: it takes both factors to put another in its place. */
  readonly replaces: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Three steps in one place: who is asking (where that is not fresh), the picture with the first code, the recovery codes. */
export function TotpDialog({ username, replaces, onClose, onDone }: TotpDialogProps) {
  const [made, setMade] = useState<NewTotp | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} username={username} onDone={onDone} />;
  if (made) return <Scan made={made} onClose={onClose} onConfirmed={setCodes} />;
  return <Prove replaces={replaces} onClose={onClose} onMade={setMade} />;
}

interface ProveProps {
  readonly replaces: boolean;
  readonly onClose: () => void;
  readonly onMade: (made: NewTotp) => void;
}

const begin = (body: object) => ask("/api/account/totp", { method: "POST", body, answer: newTotpSchema });

/** Soon after a sign-in nothing is asked. */
function Prove({ replaces, onClose, onMade }: ProveProps) {
  const { i18n } = useLingui();
  const [asked, setAsked] = useState(replaces);
  const [failure, setFailure] = useState<unknown>(null);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const begun = useRef(false);
  useEffect(() => {
    if (asked || begun.current) return;
    begun.current = true; // each asking makes a new secret
    begin({}).then(onMade, (error: unknown) => {
      if (!(error instanceof ApiError && error.code === "password_needed")) setFailure(error);
      setAsked(true);
    });
  }, [asked, onMade]);
  const send = async () => {
    if (failure && password === "") {
      setFailure(null);
      return onMade(await begin({}));
    }
    onMade(await begin({ password, ...(replaces ? { code } : {}) }));
  };
  const needsPassword = asked && !failure;
  return (
    <DialogForm
      title={replaces ? i18n._("Use another phone") : i18n._("Set up an authenticator app")}
      submit={failure ? i18n._("Try again") : i18n._("Go on")}
      disabled={!asked || (needsPassword && password === "") || (replaces && code === "")}
      onClose={onClose}
      onSubmit={send}
    >
      {!asked && <LoadingRows rows={3} label={i18n._("The code is being made")} />}
      {failure !== null && (
        <p className={classes.words}>{i18n._("The clinic did not answer. Nothing was changed.")}</p>
      )}
      {needsPassword && (
        <>
          <SecretInput
            label={i18n._("Password")}
            name="password"
            autoComplete="current-password"
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {replaces && (
            <CodeField
              kind="recovery"
              label={i18n._("Code from the present app, or a recovery code")}
              value={code}
              onChange={setCode}
            />
          )}
        </>
      )}
    </DialogForm>
  );
}

interface ScanProps {
  readonly made: NewTotp;
  readonly onClose: () => void;
  readonly onConfirmed: (codes: readonly string[]) => void;
}

/** It counts once the first code was right, so that nobody is locked out by a picture that was not read. */
function Scan({ made, onClose, onConfirmed }: ScanProps) {
  const { i18n } = useLingui();
  const [code, setCode] = useState("");
  const send = async () => {
    try {
      const { recoveryCodes } = await ask("/api/account/totp/confirm", {
        method: "POST",
        body: { id: made.id, code },
        answer: issuedCodesSchema,
      });
      onConfirmed(recoveryCodes);
    } catch (error) {
      if (error instanceof ApiError && error.code === "wrong_code") setCode("");
      throw error;
    }
  };
  return (
    <DialogForm
      title={i18n._("Set up an authenticator app")}
      submit={i18n._("Confirm")}
      disabled={code.replace(/\D/g, "").length !== 6}
      onClose={onClose}
      onSubmit={send}
    >
      <div className={classes.scan}>
        <QrCode text={made.uri} label={i18n._("QR code for the authenticator app")} />
        <div className={classes.group}>
          <p className={classes.words}>
            {i18n._("Scan this with the authenticator app on your phone, or type the key into it:")}
          </p>
          <output className={classes.secret} aria-label={i18n._("Key to type")}>
            {made.secret.match(/.{1,4}/g)?.join(" ")}
          </output>
        </div>
      </div>
      <CodeField
        kind="totp"
        label={i18n._("The six digits that the app shows now")}
        description={i18n._("The app counts only after this.")}
        autoFocus
        value={code}
        onChange={setCode}
      />
    </DialogForm>
  );
}
