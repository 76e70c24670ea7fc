import { useLingui } from "@lingui/react";
import { IconCloudOff } from "@tabler/icons-react";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { after, now } from "#domain/kernel/clock.ts";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { useConnection, useRecorder } from "#pwa/local/index.ts";
import { backoff } from "#pwa/local/sync/backoff.ts";

/** Milliseconds in which a page loads itself anew at most once: a file that is really gone must not make it spin. */
const RELOAD_ONCE_IN = 60_000;
const RELOADED = "jamemr-reloaded-for-part";

const clinicAnswers = (): Promise<boolean> =>
  fetch("/healthz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );

/** A browser may keep a failed import for the life of the page. Where the clinic answers, a new page has it. */
async function loadPageAgain(): Promise<void> {
  if (!(await clinicAnswers())) throw new Error("the clinic does not answer");
  sessionStorage.setItem(RELOADED, String(now()));
  location.reload();
}

/** Like {@link loadPageAgain}, but nobody asked for it: once, not again and again. */
async function loadPageByItself(): Promise<void> {
  if (now() - Number(sessionStorage.getItem(RELOADED) ?? 0) > RELOAD_ONCE_IN) await loadPageAgain();
}

/**
 * A screen or part whose code is fetched when it is first shown. The application is put on the device some seconds after
 * the first screen; where the clinic is gone before that, the part says so, and it is fetched when the clinic answers
 * again. Where that does not help the page loads itself anew, but never over a recording or unsaved words.
 */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>) {
  let part: ComponentType<P> | undefined;
  const fetched = async () => {
    part ??= await load();
  };
  function LazyPart(props: P) {
    const [state, setState] = useState<"loading" | "failed" | "ready">(part ? "ready" : "loading");
    const recording = useRecorder().state !== "idle";
    const { offlineSince, typing } = useConnection();
    useEffect(() => {
      if (state !== "loading") return;
      let shown = true;
      fetched().then(
        () => shown && setState("ready"),
        () => shown && setState("failed"),
      );
      return () => {
        shown = false;
      };
    }, [state]);
    const answers = offlineSince === null;
    const untouched = !recording && !typing;
    const untouchedNow = useRef(untouched);
    untouchedNow.current = untouched;
    // Nobody says for sure that the clinic is back: asked for again in growing pauses, and at once when it answers.
    const away = useRef(false);
    useEffect(() => {
      if (state !== "failed") return;
      let shown = true;
      let cancel = () => {};
      let failures = 0;
      const attempt = async () => {
        try {
          await fetched();
          if (shown) setState("ready");
        } catch {
          if (!(await clinicAnswers())) away.current = true;
          else if (shown && away.current && untouchedNow.current) await loadPageByItself().catch(() => {});
          if (shown) cancel = after(backoff(failures++), () => void attempt());
        }
      };
      if (answers) void attempt();
      else {
        away.current = true;
        cancel = after(backoff(failures++), () => void attempt());
      }
      return () => {
        shown = false;
        cancel();
      };
    }, [state, answers]);
    const Part = part;
    if (Part) return <Part {...props} />;
    const tryAgain = () => {
      fetched()
        .catch(loadPageAgain)
        .then(
          () => setState("loading"),
          () => {}, // still no answer: what is shown stays true
        );
    };
    return <Missing loading={state !== "failed"} recording={recording} onTryAgain={tryAgain} />;
  }
  /** Fetches it ahead; a failure shows when the part does. */
  LazyPart.preload = () => fetched().catch(() => {});
  return LazyPart;
}

interface MissingProps {
  readonly loading: boolean;
  readonly recording: boolean;
  readonly onTryAgain: () => void;
}

function Missing({ loading, recording, onTryAgain }: MissingProps) {
  const { i18n } = useLingui();
  if (loading) return <LoadingRows rows={4} label={i18n._("This screen is being opened")} />;
  return (
    <State
      icon={IconCloudOff}
      title={i18n._("This screen is not on this tablet yet")}
      urgent
      {...(recording ? {} : { action: { label: i18n._("Try again"), onClick: onTryAgain } })}
    >
      {recording
        ? i18n._(
            "It can be opened when the clinic answers. The recording goes on, and what you entered is kept.",
          )
        : i18n._("It opens by itself when the clinic answers. What you entered is kept.")}
    </State>
  );
}
