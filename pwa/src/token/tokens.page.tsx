import { useLingui } from "@lingui/react";
import { Button, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { type TokenScope, tokenScopes } from "#domain/access/roles.ts";
import { tokenDays } from "#domain/approval/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { type Token, tokenSchema } from "#domain/token/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { ReasonField, requestApproval } from "#pwa/approval/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { DialogForm, Tick } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { useSaving } from "#pwa/design/use-saving.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { scopeText } from "#pwa/language/scope-text.ts";
import { ask, useAnswer, useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./tokens.module.css";

const answer = z.object({ tokens: z.array(tokenSchema) });

/** The registry of programs that may speak to the clinic: what for, how far, until when. */
export function TokensPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "token:read").allowed)
    return <DeniedPage permission="token:read" />;
  return <Tokens />;
}

function Tokens() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const answered = useAnswer("/api/tokens", answer);
  const [asking, setAsking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const mayAsk = can(
    { type: "user", id: user!.id, role: user!.role, deviceId: null },
    "token:request",
  ).allowed;
  const done = () => {
    setAsking(false);
    setRevoking(null);
    answered.reload();
  };
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Service tokens")}</h1>
        <AsOf {...answered} />
        {mayAsk && <Button onClick={() => setAsking(true)}>{i18n._("Ask for a token")}</Button>}
      </header>
      <OnlineOnly answered={answered} label={i18n._("Tokens are being opened")}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <State icon={IconKey} title={i18n._("No program has a token")}>
              {i18n._("A program that works with the clinic appears here when its token is approved.")}
            </State>
          ) : (
            <ul className={classes.list}>
              {[...tokens].reverse().map((token) => (
                <Row key={token.id} token={token} onRevoke={setRevoking} onConfirmed={done} />
              ))}
            </ul>
          )
        }
      </OnlineOnly>
      {asking && <RequestDialog onClose={() => setAsking(false)} onDone={done} />}
      {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(null)} onDone={done} />}
    </>
  );
}

interface RowProps {
  readonly token: Token;
  readonly onRevoke: (token: Token) => void;
  readonly onConfirmed: () => void;
}

function Row({ token, onRevoke, onConfirmed }: RowProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const { practice } = useSession();
  const { rows: staff } = useRows("staff");
  const zone = practice?.zone ?? "UTC";
  const expired = Date.parse(token.expiresAt) <= now();
  const owner = staff.find(({ id }) => id === token.ownerId)?.name;
  return (
    <li className={classes.row}>
      <span className={classes.what}>
        <span className={classes.purpose}>{token.purpose}</span>
        {token.scopes.map((scope) => (
          <span key={scope} className={classes.scopes}>
            {scopeText(i18n, scope)} <code>{scope}</code>
          </span>
        ))}
        {owner && <span className={classes.meta}>{i18n._("Owner: {owner}", { owner })}</span>}
      </span>
      <span>
        {token.revokedAt ? (
          <StateBadge tone="bad">{i18n._("Revoked")}</StateBadge>
        ) : expired ? (
          <StateBadge tone="warn">{i18n._("Expired")}</StateBadge>
        ) : token.unconfirmedAt ? (
          <StateBadge tone="warn">{i18n._("Waits for the security officer")}</StateBadge>
        ) : (
          <StateBadge tone="good">{i18n._("Valid")}</StateBadge>
        )}
      </span>
      <span className={classes.meta}>
        {i18n._("Until {when}", { when: dateTimeText(token.revokedAt ?? token.expiresAt, zone) })}
        <br />
        {token.lastUsedAt
          ? i18n._("Last used {when}", { when: dateTimeText(token.lastUsedAt, zone) })
          : i18n._("Never used")}
      </span>
      <span className={classes.actions}>
        {!token.revokedAt && !expired && token.unconfirmedAt && may("token:confirm") && (
          <Confirm token={token} onDone={onConfirmed} />
        )}
        {!token.revokedAt && !expired && (
          <Button variant="subtle" color="red" size="sm" h={44} onClick={() => onRevoke(token)}>
            {i18n._("Revoke")}
          </Button>
        )}
      </span>
    </li>
  );
}

/** After a restore: programs that worked before the backup work again only when somebody has looked at them. */
function Confirm({ token, onDone }: { readonly token: Token; readonly onDone: () => void }) {
  const { i18n } = useLingui();
  const { busy, failure, save } = useSaving();
  const confirm = () =>
    void save(async () => {
      await ask(`/api/tokens/${token.id}/confirm`, { method: "POST", body: {} });
      onDone();
    });
  return (
    <>
      <Button variant="default" size="sm" h={44} loading={busy} onClick={confirm}>
        {i18n._("Let it work again")}
      </Button>
      {failure && <span role="alert">{failure}</span>}
    </>
  );
}

interface DialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function RequestDialog({ onClose, ...ends }: DialogProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "token" });
  const onDone = kept.closing(ends.onDone);
  const [purpose, setPurpose] = useKept(kept, "purpose", "");
  const [scopes, setScopes] = useKept<readonly TokenScope[]>(kept, "scopes", []);
  const [days, setDays] = useKept(kept, "days", "30");
  const [reason, setReason] = useKept(kept, "reason", "");
  const longest = tokenDays(scopes);
  const send = async () => {
    await requestApproval(
      { kind: "token.register", purpose, scopes: [...scopes], days: Number(days), ownerId: null },
      reason,
    );
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Ask for a service token")}
      submit={i18n._("Ask for it")}
      disabled={scopes.length === 0}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <TextInput
        label={i18n._("What the program does")}
        required
        withAsterisk={false}
        minLength={3}
        maxLength={120}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
      />
      <fieldset className={classes.ticks}>
        <legend>{i18n._("What it may do: as little as possible")}</legend>
        {tokenScopes.map((scope) => (
          <Tick
            key={scope}
            label={scopeText(i18n, scope)}
            detail={scope}
            checked={scopes.includes(scope)}
            onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
          />
        ))}
      </fieldset>
      <TextInput
        type="number"
        label={i18n._("Days, at most {longest}", { longest })}
        min={1}
        max={longest}
        required
        withAsterisk={false}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}

function RevokeDialog({ token, onClose, onDone }: DialogProps & { readonly token: Token }) {
  const { i18n } = useLingui();
  const send = async () => {
    await ask(`/api/tokens/${token.id}/revoke`, { method: "POST", body: {} });
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Revoke this token?")}
      submit={i18n._("Revoke")}
      danger
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._("“{purpose}” stops within seconds. A new token needs a request and an approval.", {
          purpose: token.purpose,
        })}
      </p>
    </DialogForm>
  );
}
