import { useLingui } from "@lingui/react";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { roles } from "#domain/access/roles.ts";
import type { Office, Officer } from "#domain/set-up/index.ts";
import { clinicalText } from "#pwa/design/clinical-text.ts";
import { Choice, DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { SecretInput } from "#pwa/design/secret-input.tsx";
import { roleText } from "#pwa/language/role-text.ts";
import { ask, useAnswer, useSession } from "#pwa/local/index.ts";
import classes from "./set-up.module.css";

interface DialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const people = z.object({
  users: z.array(
    z.looseObject({ id: z.string(), name: z.string(), roles: z.array(z.enum(roles)), disabled: z.boolean() }),
  ),
});

interface NameDialogProps extends DialogProps {
  readonly office: Office;
  readonly officers: readonly Officer[];
}

/** Who is to be the officer. One person in more than one of the three offices needs the practice's own words. */
export function NameDialog({ office, officers, onClose, ...ends }: NameDialogProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "officer", of: office });
  const answered = useAnswer("/api/users", people);
  const [personId, setPersonId] = useKept(kept, "person", "");
  const [statement, setStatement] = useKept(kept, "statement", "");
  const onDone = kept.closing(ends.onDone);
  const person = answered.value?.users.find(({ id }) => id === personId);
  const several =
    person?.roles.includes("administrator") ||
    officers.some(
      (one) =>
        one.office !== office &&
        one.person.id === personId &&
        (one.status === "named" || one.status === "accepted"),
    );
  const send = async () => {
    const body = { office, personId, ...(several ? { statement: statement.trim() } : {}) };
    await ask("/api/set-up/officers", { method: "POST", body, answer: z.object({ id: z.string() }) });
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Name: {office}", { office: roleText(i18n, office) })}
      submit={i18n._("Name")}
      disabled={person === undefined || (several === true && statement.trim().length < 20)}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <OnlineOnly answered={answered} label={i18n._("People are being opened")}>
        {({ users }) => (
          <Choice
            label={i18n._("Person")}
            value={personId}
            onChange={setPersonId}
            options={[
              { value: "", label: i18n._("Choose…") },
              ...users
                .filter(({ disabled }) => !disabled)
                .map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
      </OnlineOnly>
      {several && (
        <Textarea
          size="md"
          label={i18n._("Why one person holds more than one of these offices")}
          description={i18n._(
            "Administrator, privacy officer and security officer watch over each other. At least 20 characters; it is kept on record.",
          )}
          autosize
          minRows={3}
          maxLength={2000}
          value={statement}
          onChange={(event) => setStatement(event.currentTarget.value)}
          {...clinicalText}
        />
      )}
      <p className={classes.words}>
        {i18n._("They can sign in from now on, and accept or decline with their own password.")}
      </p>
    </DialogForm>
  );
}

interface DecisionProps extends DialogProps {
  readonly officer: Officer;
}

function OwnPassword({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { i18n } = useLingui();
  return (
    <SecretInput
      label={i18n._("Your password")}
      name="password"
      autoComplete="current-password"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The officer says yes in their own name. */
export function AcceptDialog({ officer, onClose, onDone }: DecisionProps) {
  const { i18n } = useLingui();
  const [password, setPassword] = useState("");
  const send = async () => {
    await ask(`/api/set-up/officers/${officer.id}/accept`, { method: "POST", body: { password } });
    onDone();
  };
  const duty: Record<Office, string> = {
    "privacy-officer": i18n._(
      "You watch who looks at charts, review emergencies, and decide who gets clinical roles.",
    ),
    "security-officer": i18n._(
      "You watch over sign-ins, tablets and programs, and decide who gets administrative roles.",
    ),
  };
  return (
    <DialogForm
      title={i18n._("Accept: {office}", { office: roleText(i18n, officer.office) })}
      submit={i18n._("Accept")}
      disabled={password === ""}
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>{duty[officer.office]}</p>
      <OwnPassword value={password} onChange={setPassword} />
    </DialogForm>
  );
}

/** The officer says no, with a word for the administrator; without another role nothing is left here for them. */
export function DeclineDialog({ officer, onClose, ...ends }: DecisionProps) {
  const { i18n } = useLingui();
  const { user, actions } = useSession();
  const kept = useKeptForm({ form: "officer.decline", of: officer.id });
  const [words, setWords] = useKept(kept, "words", "");
  const [password, setPassword] = useState("");
  const onDone = kept.closing(ends.onDone);
  const send = async () => {
    await ask(`/api/set-up/officers/${officer.id}/decline`, {
      method: "POST",
      body: { password, words: words.trim() },
    });
    onDone();
    if (user?.role === officer.office) await actions.signOut();
  };
  return (
    <DialogForm
      title={i18n._("Decline: {office}", { office: roleText(i18n, officer.office) })}
      submit={i18n._("Decline")}
      danger
      disabled={password === "" || words.trim().length < 2}
      kept={kept}
      onClose={kept.closing(onClose)}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._("You lose this role at once and are signed out. The administrator names somebody else.")}
      </p>
      <Textarea
        size="md"
        label={i18n._("Why, for the administrator")}
        autosize
        minRows={2}
        maxLength={500}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        {...clinicalText}
      />
      <OwnPassword value={password} onChange={setPassword} />
    </DialogForm>
  );
}
