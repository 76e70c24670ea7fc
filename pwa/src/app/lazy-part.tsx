import { useLingui } from "@lingui/react";
import { IconCloudOff } from "@tabler/icons-react";
import { type ComponentType, useEffect, useState } from "react";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { useRecorder } from "#pwa/local/index.ts";

/** A browser may keep a failed import for the life of the page. Where the clinic answers, a new page has it. */
async function loadAgain(): Promise<void> {
  const answer = await fetch("/healthz", { cache: "no-store" });
  if (answer.ok) location.reload();
}

/**
 * A screen or part whose code is fetched when it is first shown. The application is put on the device some seconds after
 * the first screen; where the clinic is gone before that, the part says so and can be tried again, and the page stays.
 */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>) {
  let part: ComponentType<P> | undefined;
  const fetched = async () => {
    part ??= await load();
  };
  function LazyPart(props: P) {
    const [state, setState] = useState<"loading" | "failed" | "ready">(part ? "ready" : "loading");
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
    const Part = part;
    if (Part) return <Part {...props} />;
    const tryAgain = () => {
      fetched()
        .catch(loadAgain)
        .then(
          () => setState("loading"),
          () => {}, // still no answer: what is shown stays true
        );
    };
    return <Missing loading={state !== "failed"} onTryAgain={tryAgain} />;
  }
  /** Fetches it ahead; a failure shows when the part does. */
  LazyPart.preload = () => fetched().catch(() => {});
  return LazyPart;
}

function Missing({ loading, onTryAgain }: { readonly loading: boolean; readonly onTryAgain: () => void }) {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  if (loading) return <LoadingRows rows={4} label={i18n._("This screen is being opened")} />;
  const recording = recorder.state !== "idle";
  return (
    <State
      icon={IconCloudOff}
      title={i18n._("This screen is not on this tablet yet")}
      urgent
      {...(recording ? {} : { action: { label: i18n._("Try again"), onClick: onTryAgain } })}
    >
      {recording
        ? i18n._("It can be opened when the recording has ended. What you entered is kept.")
        : i18n._("The clinic did not answer. What you entered is kept.")}
    </State>
  );
}
