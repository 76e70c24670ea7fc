import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { type ListedSession, listedSessionSchema } from "#domain/access/account.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { say } from "#pwa/design/toast.tsx";
import { ask, useAnswer } from "#pwa/local/index.ts";
import classes from "./account.module.css";
import { SessionRow } from "./session-row.tsx";

const answer = z.object({ sessions: z.array(listedSessionSchema) });

/** Where one is signed in. What waits on a tablet is kept when its session ends, and arrives after the next sign-in. */
export function OwnSessions() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/sessions", answer);
  const [ending, setEnding] = useState<ListedSession | "others" | null>(null);
  const others = answered.value?.sessions.filter(({ isThis }) => !isThis).length ?? 0;
  const done = () => {
    setEnding(null);
    answered.reload();
  };
  return (
    <section className={classes.card}>
      <div className={classes.head}>
        <div>
          <h3 className={classes.subtitle}>{i18n._("Where you are signed in")}</h3>
          <p className={classes.hint}>{i18n._("End what you do not know or do not need.")}</p>
        </div>
        <Button variant="default" h={44} disabled={others === 0} onClick={() => setEnding("others")}>
          {i18n._("End all others")}
        </Button>
      </div>
      <OnlineOnly answered={answered} label={i18n._("Your sessions are being opened")}>
        {({ sessions }) => (
          <ul className={classes.list}>
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session}>
                {session.isThis ? (
                  <StateBadge tone="good">{i18n._("This one")}</StateBadge>
                ) : (
                  <Button
                    variant="subtle"
                    color="red"
                    size="sm"
                    h={44}
                    aria-label={i18n._("End the session on {device}", { device: session.device.name })}
                    onClick={() => setEnding(session)}
                  >
                    {i18n._("End")}
                  </Button>
                )}
              </SessionRow>
            ))}
          </ul>
        )}
      </OnlineOnly>
      {ending && <EndSession ending={ending} onClose={() => setEnding(null)} onDone={done} />}
    </section>
  );
}

interface EndSessionProps {
  readonly ending: ListedSession | "others";
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function EndSession({ ending, onClose, onDone }: EndSessionProps) {
  const { i18n } = useLingui();
  const one = ending === "others" ? null : ending;
  const send = async () => {
    await ask(one ? `/api/sessions/${one.id}/end` : "/api/sessions/end-others", {
      method: "POST",
      body: {},
      ...(one ? {} : { answer: z.object({ ended: z.int() }) }),
    });
    say(
      one
        ? i18n._("The session on {device} has ended.", { device: one.device.name })
        : i18n._("You are signed out everywhere else."),
    );
    onDone();
  };
  return (
    <DialogForm
      title={
        one
          ? i18n._("End the session on {device}?", { device: one.device.name })
          : i18n._("End all other sessions?")
      }
      submit={one ? i18n._("End it") : i18n._("End all others")}
      danger
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._(
          "Nothing that was entered there is lost: it stays sealed and is sent after the next sign-in. The PIN still opens what is on that tablet, within its offline time.",
        )}
      </p>
    </DialogForm>
  );
}
