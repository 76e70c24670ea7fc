import { useLingui } from "@lingui/react";
import { Alert, Button } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { type Passkey, passkeySchema } from "#domain/access/passkey.ts";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, useAnswer, useSession } from "#pwa/local/index.ts";
import classes from "./users.module.css";
import type { ListedUser } from "./users.page.tsx";

const answer = z.object({ passkeys: z.array(passkeySchema) });

/** For whoever looks after somebody's access: a lost key is taken off here. */
export function PasskeysOf({ user }: { readonly user: ListedUser }) {
  const { i18n } = useLingui();
  const answered = useAnswer(`/api/passkeys?user=${user.id}`, answer);
  const [failure, setFailure] = useState<string | null>(null);
  const remove = async ({ id }: Passkey) => {
    setFailure(null);
    try {
      await ask(`/api/passkeys/${id}/remove`, { method: "POST", body: {} });
    } catch (error) {
      setFailure(errorText(error));
    }
    answered.reload();
  };
  return (
    <section>
      <h3 className={classes.part}>{i18n._("Passkeys")}</h3>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <OnlineOnly answered={answered} label={i18n._("The passkeys are being opened")}>
        {({ passkeys }) =>
          passkeys.length === 0 ? (
            <p className={classes.words}>{i18n._("No passkeys")}</p>
          ) : (
            <ul className={classes.list}>
              {passkeys.map((passkey) => (
                <Row key={passkey.id} passkey={passkey} onRemove={() => remove(passkey)} />
              ))}
            </ul>
          )
        }
      </OnlineOnly>
    </section>
  );
}

function Row({ passkey, onRemove }: { readonly passkey: Passkey; readonly onRemove: () => Promise<void> }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const when = (instant: string) => dateTimeText(instant, practice?.zone ?? "UTC");
  const remove = () => {
    setBusy(true);
    void onRemove().finally(() => setBusy(false));
  };
  return (
    <li className={classes.key}>
      <span className={classes.who}>
        <span className={classes.name}>{passkey.name}</span>
        <span className={classes.meta}>
          {passkey.lastUsedAt
            ? i18n._("Last sign-in {when}", { when: when(passkey.lastUsedAt) })
            : i18n._("Added {when}", { when: when(passkey.createdAt) })}
        </span>
      </span>
      {asked && (
        <p className={classes.warning}>
          {i18n._("Nobody signs in with it again. A tablet that it unlocked asks for the PIN.")}
        </p>
      )}
      <span className={classes.actions}>
        {asked ? (
          <>
            <Button variant="default" size="sm" h={44} onClick={() => setAsked(false)}>
              {i18n._("Keep it")}
            </Button>
            <Button color="red" size="sm" h={44} loading={busy} onClick={remove}>
              {i18n._("Remove this passkey")}
            </Button>
          </>
        ) : (
          <Button
            variant="subtle"
            color="red"
            size="sm"
            h={44}
            aria-label={i18n._("Remove {name}", { name: passkey.name })}
            onClick={() => setAsked(true)}
          >
            {i18n._("Remove")}
          </Button>
        )}
      </span>
    </li>
  );
}
