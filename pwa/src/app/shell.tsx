import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { noticeOf } from "#pwa/account/recovery-notice.ts";
import { ClockNotice } from "#pwa/design/clock-notice.tsx";
import { Logo } from "#pwa/design/logo.tsx";
import { local, useRestored, useSession, useValue } from "#pwa/local/index.ts";
import { RunningRecordingBar } from "#pwa/recording/index.ts";
import { atHand } from "#pwa/review/at-hand.ts";
import { ConnectionChip } from "./connection-chip.tsx";
import { lazyPart } from "./lazy-part.tsx";
import { PlaceNav } from "./place-nav.tsx";
import { placesOf } from "./places.ts";
import classes from "./shell.module.css";
import { UpdatePrompt } from "./update-prompt.tsx";
import { UserMenu } from "./user-menu.tsx";

const AtHandStrip = lazyPart(() =>
  import("#pwa/review/at-hand-strip.tsx").then((module) => module.AtHandStrip),
);

const RestoredStrip = lazyPart(() =>
  import("#pwa/outbox/restored-strip.tsx").then((module) => module.RestoredStrip),
);

const HistoryStrip = lazyPart(() => import("./history-strip.tsx").then((module) => module.HistoryStrip));

const RecoveryStrip = lazyPart(() =>
  import("#pwa/account/recovery-strip.tsx").then((module) => module.RecoveryStrip),
);

/** A real practice that is not open yet says so on every screen. */
const SetUpStrip = lazyPart(() => import("#pwa/set-up/set-up-strip.tsx").then((module) => module.SetUpStrip));

/** Header, connection chip and navigation around every screen. */
export function Shell() {
  const { i18n } = useLingui();
  const { user, practice, signInWanted, recovery, actions } = useSession();
  const words = useSyncExternalStore(atHand.subscribe, atHand.get);
  const restored = useRestored();
  const refusal = useValue(local().history);
  const shown = user ? placesOf(user) : [];
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {i18n._("Skip to the content")}
      </a>
      <div className={classes.top}>
        <header className={classes.header}>
          <Link to="/" className={classes.brand} aria-label="JamEMR">
            <Logo size={32} />
            <span className={classes.brandName}>JamEMR</span>
          </Link>
          <PlaceNav places={shown} />
          <div className={classes.end}>
            {practice?.trial && <span className={classes.trial}>{i18n._("Trial practice")}</span>}
            <ConnectionChip />
            <UserMenu />
          </div>
        </header>
        <RunningRecordingBar />
        <div role="status" className={classes.clock}>
          <ClockNotice />
        </div>
      </div>
      {signInWanted && (
        <div className={classes.update} role="status">
          {i18n._(
            "The clinic asks for your password before it shows anything new. What you do here is kept and sent.",
          )}
          <Button size="sm" h={44} variant="white" onClick={actions.askPassword}>
            {i18n._("Sign in")}
          </Button>
        </div>
      )}
      {refusal && <HistoryStrip refusal={refusal} />}
      {restored && <RestoredStrip restored={restored} />}
      {noticeOf({ recovery }) && <RecoveryStrip />}
      {practice && !practice.trial && <SetUpStrip />}
      <UpdatePrompt />
      <main id="content" className={classes.content} tabIndex={-1}>
        {words && <AtHandStrip />}
        <Outlet />
      </main>
    </div>
  );
}
