import { useLingui } from "@lingui/react";
import type { ReactNode } from "react";
import { Logo } from "#pwa/design/logo.tsx";
import { useRecorder, useSession } from "#pwa/local/index.ts";
import { RunningAtTheDoor } from "#pwa/recording/index.ts";
import classes from "./door-layout.module.css";
import { DoorSafety } from "./door-safety.tsx";

interface DoorLayoutProps {
  readonly title: string;
  readonly words?: string | undefined;
  readonly children: ReactNode;
}

/**
 * What stands in front of the records: sign-in, PIN, another tab. Nothing of a patient is ever on it, and a running
 * recording can be stopped from each of them (C24).
 */
export function DoorLayout({ title, words, children }: DoorLayoutProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { state } = useRecorder();
  return (
    <main className={classes.door}>
      <div className={classes.card}>
        <header className={classes.head}>
          <Logo size={40} />
          <div>
            <div className={classes.product}>JamEMR</div>
            {practice && <div className={classes.practice}>{practice.name}</div>}
          </div>
        </header>
        <h1 className={classes.title}>{title}</h1>
        {words && <p className={classes.words}>{words}</p>}
        {state !== "idle" && <RunningAtTheDoor />}
        {children}
        <DoorSafety />
      </div>
      {practice?.trial && (
        <p className={classes.trial}>{i18n._("Trial practice: every patient is invented.")}</p>
      )}
    </main>
  );
}
