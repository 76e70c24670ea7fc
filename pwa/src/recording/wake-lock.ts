/** Keeps the screen on while recording; a screen that goes dark puts the microphone to sleep on most tablets. */
export function createWakeLock(): (on: boolean) => void {
  let wanted = false;
  let held: WakeLockSentinel | null = null;
  const take = async () => {
    if (!wanted || held || document.visibilityState !== "visible") return;
    held = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    held?.addEventListener("release", () => {
      held = null;
    });
  };
  document.addEventListener("visibilitychange", () => void take());
  return (on) => {
    wanted = on;
    if (on) void take();
    else {
      void held?.release();
      held = null;
    }
  };
}
