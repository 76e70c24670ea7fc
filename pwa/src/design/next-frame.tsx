import { type ReactNode, startTransition, useEffect, useState } from "react";
import { after } from "#domain/kernel/clock.ts";

/**
 * Draws its children once the frame before has been painted: for the lower end of a long view, so that what the person
 * looks at first waits for nothing else. The place is marked until then.
 */
export function NextFrame({ children }: { readonly children: ReactNode }) {
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let cancel = () => {};
    const frame = requestAnimationFrame(() => {
      cancel = after(0, () => startTransition(() => setDrawn(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      cancel();
    };
  }, []);
  return drawn ? children : <div data-next-frame />;
}
