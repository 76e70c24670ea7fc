import { local } from "#pwa/local/index.ts";
import { capturing, mayCapture, startCapturing } from "./capturing.ts";

/** What somebody wrote, as it stood when its page went. */
export interface Left {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** It has a recording: there is one for a note. */
  readonly recorded: boolean;
}

/** By author: words that the disk did not take before the page went. They are there again while this tab lives. */
const leftBehind = new Map<string, Left>();

export const author = (): string => local().session.get().user?.id ?? "";

/** Keeps them until the page with them is there again: as soon as their author is back, whatever opens then. */
export function leave(who: string, left: Left): void {
  leftBehind.set(who, left);
  const { session } = local();
  const look = () => {
    const { user, state } = session.get();
    if (leftBehind.get(who) !== left) stop();
    else if (user?.id === who && mayCapture(state) && !capturing.get()) startCapturing();
  };
  const stop = session.subscribe(look);
  look();
}

export function takeLeft(): Left | null {
  const left = leftBehind.get(author()) ?? null;
  leftBehind.delete(author());
  return left;
}
