import { useLingui } from "@lingui/react";
import { Alert, Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconLock, IconLogout } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useSaving } from "#pwa/design/use-saving.ts";
import { useConnection, useSession } from "#pwa/local/index.ts";
import classes from "./day-close.module.css";
import type { DayClose } from "./day-close.ts";

/** What happens to the work when the person leaves. Signing out is offered here only when nothing waits. */
export function Leaving({ day }: { readonly day: DayClose }) {
  const { i18n } = useLingui();
  const navigate = useNavigate();
  const { actions } = useSession();
  const { typing } = useConnection();
  const saving = useSaving();
  // Whoever comes next, or the same person tomorrow, begins with the day's visits.
  const leave = (work: () => Promise<void>) =>
    void saving.save(async () => {
      await work();
      await navigate({ to: "/" });
    });
  const clear = day.clear && !typing;
  const IconOf = clear ? IconCircleCheck : IconAlertTriangle;
  return (
    <section className={classes.leaving} data-clear={clear}>
      <IconOf size={28} stroke={1.8} aria-hidden />
      <div className={classes.leavingWords}>
        <h2 className={classes.leavingTitle}>
          {clear ? i18n._("You can leave.") : i18n._("Not everything is at the clinic yet.")}
        </h2>
        {day.drafts > 0 && (
          <p className={classes.words}>{i18n._("Notes to sign: {drafts}", { drafts: day.drafts })}</p>
        )}
        {!clear && <WhatHappens day={day} />}
        {saving.failure && (
          <Alert color="red" variant="light" role="alert">
            {saving.failure}
          </Alert>
        )}
      </div>
      <div className={classes.buttons}>
        <Button
          h={48}
          variant={clear ? "default" : "filled"}
          leftSection={<IconLock size={20} aria-hidden />}
          disabled={saving.busy}
          onClick={() => leave(actions.lock)}
        >
          {i18n._("Lock")}
        </Button>
        {clear && (
          <Button
            h={48}
            leftSection={<IconLogout size={20} aria-hidden />}
            disabled={saving.busy}
            onClick={() => leave(actions.signOut)}
          >
            {i18n._("Sign out")}
          </Button>
        )}
      </div>
    </section>
  );
}

function WhatHappens({ day: { sounds, waiting, refused, beyond } }: { readonly day: DayClose }) {
  const { i18n } = useLingui();
  const sends = waiting + beyond.waiting + sounds.sending + sounds["on-this-tablet"] > 0;
  return (
    <>
      {sounds["being-made"] > 0 && (
        <p className={classes.words}>{i18n._("A recording is still being made. Stop it first.")}</p>
      )}
      {sends && (
        <p className={classes.words}>
          {i18n._(
            "The tablet goes on sending while it is locked. Leave it switched on and in reach of the clinic's network.",
          )}
        </p>
      )}
      {refused + beyond.refused > 0 && (
        <p className={classes.words}>{i18n._("What was refused waits for you: it is not sent by itself.")}</p>
      )}
      {sounds["cut-off"] > 0 && (
        <p className={classes.words}>
          {i18n._("A recording that was cut off waits for you: open its visit.")}
        </p>
      )}
      {sounds.elsewhere > 0 && (
        <p className={classes.words}>
          {i18n._("A recording is on another tablet: that one has to stay switched on, too.")}
        </p>
      )}
    </>
  );
}
