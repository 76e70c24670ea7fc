import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import { useSession } from "#pwa/local/index.ts";
import { browserMark, lostBefore } from "#pwa/local/storage/store-mark.ts";
import classes from "./storage.module.css";

/** Before the sign-in: that the browser threw away what was kept here, and what of it the clinic may never have had. */
export function LostStoreNotice() {
  const { i18n } = useLingui();
  const { deviceId } = useSession();
  const lost = useMemo(() => lostBefore(browserMark, deviceId), [deviceId]);
  if (lost.length === 0) return null;
  const changes = lost.reduce((sum, { waiting, refused }) => sum + waiting + refused, 0);
  const recordings = lost.reduce((sum, one) => sum + one.recordings, 0);
  const missing = changes + recordings > 0;
  return (
    <div className={classes.lost} role="status" data-missing={missing}>
      <strong>{i18n._("The browser cleared what was kept on this tablet")}</strong>
      <p>{i18n._("Patient records come back when you sign in.")}</p>
      {missing ? (
        <>
          <p>
            {i18n._("Not sent when it was last open: changes {changes}, recordings {recordings}.", {
              changes,
              recordings,
            })}
          </p>
          <p>{i18n._("These may be lost. Tell practice IT, and enter again what you remember.")}</p>
        </>
      ) : (
        <p>{i18n._("Nothing was waiting to be sent when it was last open.")}</p>
      )}
    </div>
  );
}
