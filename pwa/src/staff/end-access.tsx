import { useLingui } from "@lingui/react";
import { useState } from "react";
import {
  type AccessEndReason,
  type AccessStanding,
  accessEndReasons,
  accessStandingSchema,
} from "#domain/access/access-end.ts";
import { Choice, DialogForm } from "#pwa/design/dialog-form.tsx";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { ask, useAnswer } from "#pwa/local/index.ts";
import { endReasonText } from "./end-reason-text.ts";
import classes from "./users.module.css";
import type { ListedUser } from "./users.page.tsx";

interface EndAccessProps {
  readonly user: ListedUser;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Ends somebody's access at once, after saying what ends with it and what stays. It is safe, so it needs nobody else. */
export function EndAccessDialog({ user, onClose, onDone }: EndAccessProps) {
  const { i18n } = useLingui();
  const answered = useAnswer(`/api/users/${user.id}/access`, accessStandingSchema);
  const [reason, setReason] = useState("");
  const send = async () => {
    await ask(`/api/users/${user.id}/disable`, {
      method: "POST",
      body: { reason: reason as AccessEndReason },
    });
    onDone();
  };
  const options = [
    { value: "", label: i18n._("Choose…") },
    ...accessEndReasons.map((one) => ({ value: one, label: endReasonText(i18n, one) })),
  ];
  return (
    <DialogForm
      title={i18n._("End the access of {name}?", { name: user.name })}
      submit={i18n._("End access")}
      danger
      disabled={reason === ""}
      onClose={onClose}
      onSubmit={send}
    >
      <OnlineOnly answered={answered} label={i18n._("What hangs on it is being counted")}>
        {(standing) => <WhatEnds standing={standing} />}
      </OnlineOnly>
      <Choice label={i18n._("Why")} value={reason} onChange={setReason} options={options} />
      <p className={classes.words}>{i18n._("Giving the access back needs an approval.")}</p>
    </DialogForm>
  );
}

function WhatEnds({ standing }: { readonly standing: AccessStanding }) {
  const { i18n } = useLingui();
  const { sessions, tokens, requests, approvals, openedCharts, heldTimes, devices } = standing;
  const tasks = standing.tasks.administrative + standing.tasks.clinical;
  const ends = [
    sessions > 0 &&
      i18n._("{sessions, plural, one {# sign-in} other {# sign-ins}} on tablets and computers", { sessions }),
    ...tokens.map(({ purpose }) => i18n._("The token “{purpose}”: that program stops", { purpose })),
    requests > 0 &&
      i18n._("{requests, plural, one {# open request} other {# open requests}} by them or for them", {
        requests,
      }),
    approvals > 0 &&
      i18n._("{approvals, plural, one {# approval} other {# approvals}} of theirs not carried out yet", {
        approvals,
      }),
    openedCharts > 0 &&
      i18n._(
        "{openedCharts, plural, one {# restricted chart} other {# restricted charts}} opened by breaking the glass",
        {
          openedCharts,
        },
      ),
    heldTimes > 0 &&
      i18n._(
        "{heldTimes, plural, one {# held time} other {# held times}} that only their tablet could promise",
        {
          heldTimes,
        },
      ),
  ].filter((line) => line !== false);
  return (
    <>
      <section>
        <h3 className={classes.part}>{i18n._("Ends within seconds")}</h3>
        {ends.length === 0 ? (
          <p className={classes.words}>{i18n._("They are signed in nowhere, and cannot sign in again.")}</p>
        ) : (
          <ul className={classes.points}>
            {ends.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3 className={classes.part}>{i18n._("Stays, and is shown next")}</h3>
        <ul className={classes.points}>
          <li>
            {i18n._(
              "{devices, plural, =0 {No tablet holds records or work of theirs.} one {# tablet holds records or work of theirs; what waits there still arrives, for review.} other {# tablets hold records or work of theirs; what waits there still arrives, for review.}}",
              { devices: devices.filter(({ wipedAt }) => wipedAt === null).length },
            )}
          </li>
          <li>
            {i18n._(
              "Under their name stay {tasks, plural, =0 {no open tasks} one {# open task} other {# open tasks}}, {notes, plural, =0 {no unsigned notes} one {# unsigned note} other {# unsigned notes}} and {appointments, plural, =0 {no appointments} one {# appointment} other {# appointments}} to come.",
              { tasks, notes: standing.unsignedNotes, appointments: standing.appointments },
            )}
          </li>
        </ul>
      </section>
    </>
  );
}
