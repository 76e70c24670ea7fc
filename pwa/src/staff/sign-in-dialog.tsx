import { useLingui } from "@lingui/react";
import { Alert, Button, Modal } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { listedSessionSchema } from "#domain/access/account.ts";
import { SessionRow } from "#pwa/account/index.ts";
import { ReasonField, requestApproval } from "#pwa/approval/index.ts";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { ask, useAnswer } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { PasskeysOf } from "./passkeys-of.tsx";
import classes from "./users.module.css";
import type { ListedUser } from "./users.page.tsx";

interface SignInDialogProps {
  readonly user: ListedUser;
  readonly onClose: () => void;
}

/** How somebody signs in and where they are signed in, for whoever looks after their access. */
export function SignInDialog({ user, onClose }: SignInDialogProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const [resetting, setResetting] = useState(false);
  if (resetting) return <ResetFactor user={user} onClose={() => setResetting(false)} onDone={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={i18n._("How {name} signs in", { name: user.name })}
      centered
      size="46rem"
      withCloseButton={false}
    >
      <div className={classes.parts}>
        <section className={classes.head} style={{ marginBottom: 0 }}>
          <div>
            <h3 className={classes.part}>{i18n._("Code beside the password")}</h3>
            <p className={classes.words}>
              {user.asksForCode
                ? i18n._("A code is asked for at each sign-in.")
                : i18n._("The password alone lets {name} in.", { name: user.name })}
            </p>
          </div>
          {user.asksForCode && may("factor:reset") && (
            <Button variant="default" h={44} onClick={() => setResetting(true)}>
              {i18n._("Ask for a reset…")}
            </Button>
          )}
        </section>
        <PasskeysOf user={user} />
        <SessionsOf user={user} />
        <Button fullWidth onClick={onClose}>
          {i18n._("Done")}
        </Button>
      </div>
    </Modal>
  );
}

const answer = z.object({ sessions: z.array(listedSessionSchema) });

function SessionsOf({ user }: { readonly user: ListedUser }) {
  const { i18n } = useLingui();
  const answered = useAnswer(`/api/sessions?user=${user.id}`, answer);
  const [failure, setFailure] = useState<string | null>(null);
  const end = (id: string) =>
    ask(`/api/sessions/${id}/end`, { method: "POST", body: {} })
      .then(
        () => setFailure(null),
        (error: unknown) => setFailure(errorText(error)),
      )
      .finally(answered.reload);
  return (
    <section>
      <h3 className={classes.part}>{i18n._("Where {name} is signed in", { name: user.name })}</h3>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <OnlineOnly answered={answered} label={i18n._("The sessions are being opened")}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <p className={classes.words}>{i18n._("Nowhere")}</p>
          ) : (
            <ul className={classes.plain}>
              {sessions.map((session) => (
                <SessionRow key={session.id} session={session}>
                  <Button
                    variant="subtle"
                    color="red"
                    size="sm"
                    h={44}
                    aria-label={i18n._("End the session on {device}", { device: session.device.name })}
                    onClick={() => end(session.id)}
                  >
                    {i18n._("End")}
                  </Button>
                </SessionRow>
              ))}
            </ul>
          )
        }
      </OnlineOnly>
    </section>
  );
}

interface ResetProps extends SignInDialogProps {
  readonly onDone: () => void;
}

/** For somebody who has lost the phone and the recovery codes. Nothing changes before the security officer approves. */
function ResetFactor({ user, onClose, onDone }: ResetProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "factor-reset", of: user.id });
  const [reason, setReason] = useKept(kept, "reason", "");
  const send = async () => {
    await requestApproval({ kind: "factor.reset", userId: user.id }, reason);
    say(i18n._("The security officer is asked. It stands under Approvals."));
    kept.end();
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Ask to reset the second factor of {name}", { name: user.name })}
      submit={i18n._("Ask for it")}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._(
          "Afterwards the password alone lets {name} in, until a second factor is set up again. The authenticator app, the recovery codes and every open session stop working. Make sure in person that it is {name} who asks.",
          { name: user.name },
        )}
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}
