import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconFingerprint, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import * as z from "zod";
import { type Passkey, passkeySchema } from "#domain/access/passkey.ts";
import { AccountParts } from "#pwa/account/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { ToastPlace } from "#pwa/design/toast.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import { StorageCard } from "#pwa/storage/index.ts";
import { passkeysOffered } from "./passkey-button.tsx";
import classes from "./you.module.css";
import { AddPasskey, ChangePin, RemovePasskey, UnlockByPasskey } from "./you-dialogs.tsx";

const answer = z.object({ passkeys: z.array(passkeySchema) });

/** What opens this tablet for the person who works here, what signs her in, and where she is signed in. */
export function YouPage() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const [changing, setChanging] = useState(false);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{i18n._("Your account")}</h1>
      <p className={classes.hint}>{user?.name}</p>
      <h2 className={classes.groupTitle}>{i18n._("This tablet")}</h2>
      <section className={classes.card}>
        <div className={classes.head}>
          <div>
            <h3 className={classes.subtitle}>{i18n._("PIN")}</h3>
            <p className={classes.hint}>
              {i18n._("Opens your records on this tablet, also without the network.")}
            </p>
          </div>
          <Button variant="default" h={44} onClick={() => setChanging(true)}>
            {i18n._("Change PIN")}
          </Button>
        </div>
      </section>
      <StorageCard />
      <AccountParts passkeys={<Passkeys />} />
      {changing && <ChangePin onClose={() => setChanging(false)} />}
      <ToastPlace />
    </div>
  );
}

type Open = { readonly kind: "add" } | { readonly kind: "unlock" | "remove"; readonly passkey: Passkey };

function Passkeys() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/passkeys", answer);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    answered.reload();
  };
  const offered = passkeysOffered();
  return (
    <section className={classes.card}>
      <div className={classes.head}>
        <div>
          <h3 className={classes.subtitle}>{i18n._("Passkeys")}</h3>
          <p className={classes.hint}>
            {offered
              ? i18n._(
                  "Your finger, face or key instead of the password, and instead of the PIN where it can.",
                )
              : i18n._("Passkeys need the clinic's name in the address.")}
          </p>
        </div>
        <Button
          h={44}
          disabled={!offered}
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => setOpen({ kind: "add" })}
        >
          {i18n._("Add a passkey")}
        </Button>
      </div>
      <OnlineOnly answered={answered} label={i18n._("Your passkeys are being opened")}>
        {({ passkeys }) =>
          passkeys.length === 0 ? (
            <State icon={IconFingerprint} title={i18n._("No passkeys yet")}>
              {i18n._("Add one, and this tablet opens with a touch. The PIN keeps working.")}
            </State>
          ) : (
            <ul className={classes.list}>
              {passkeys.map((passkey) => (
                <Row key={passkey.id} passkey={passkey} onOpen={setOpen} />
              ))}
            </ul>
          )
        }
      </OnlineOnly>
      {open?.kind === "add" && <AddPasskey onClose={close} onDone={done} />}
      {open?.kind === "unlock" && <UnlockByPasskey passkey={open.passkey} onClose={close} onDone={done} />}
      {open?.kind === "remove" && <RemovePasskey passkey={open.passkey} onClose={close} onDone={done} />}
    </section>
  );
}

function Row({ passkey, onOpen }: { readonly passkey: Passkey; readonly onOpen: (open: Open) => void }) {
  const { i18n } = useLingui();
  const { practice, passkeys } = useSession();
  const when = (instant: string) => dateTimeText(instant, practice?.zone ?? "UTC");
  const here = passkeys.includes(passkey.credentialId);
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <span className={classes.name}>{passkey.name}</span>
        <span className={classes.meta}>
          {passkey.lastUsedAt
            ? i18n._("Last sign-in {when}", { when: when(passkey.lastUsedAt) })
            : i18n._("Added {when}", { when: when(passkey.createdAt) })}
        </span>
      </span>
      {here ? (
        <StateBadge tone="good">{i18n._("Unlocks this tablet")}</StateBadge>
      ) : (
        <StateBadge>{i18n._("Signs in")}</StateBadge>
      )}
      <span className={classes.actions}>
        {passkey.prf && !here && passkeysOffered() && (
          <Button variant="default" size="sm" h={44} onClick={() => onOpen({ kind: "unlock", passkey })}>
            {i18n._("Unlock with it")}
          </Button>
        )}
        <Button
          variant="subtle"
          color="red"
          size="sm"
          h={44}
          aria-label={i18n._("Remove {name}", { name: passkey.name })}
          onClick={() => onOpen({ kind: "remove", passkey })}
        >
          {i18n._("Remove")}
        </Button>
      </span>
    </li>
  );
}
