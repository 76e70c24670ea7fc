import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { local, useConnection, useSession, useValue } from "#pwa/local/index.ts";
import { DoorLayout } from "./door-layout.tsx";

/** The clinic had everything destroyed that could be read here. What was not sent is still delivered, sealed. */
export function WipedPage() {
  const { i18n } = useLingui();
  const { wipe, actions } = useSession();
  return (
    <DoorLayout
      title={i18n._("This tablet was wiped by the clinic")}
      words={i18n._("Patient records and PINs on it were destroyed. Nobody can read them here any more.")}
    >
      {wipe?.done ? (
        <>
          <p role="status">{i18n._("Everything that was entered on it is at the clinic.")}</p>
          <Button fullWidth onClick={() => actions.startAnew()}>
            {i18n._("Set it up as a new tablet")}
          </Button>
        </>
      ) : (
        <Delivery />
      )}
    </DoorLayout>
  );
}

function Delivery() {
  const { i18n } = useLingui();
  const left = useValue(local().toDeliver);
  const { offlineSince } = useConnection();
  return (
    <>
      <div role="status">
        {!left || left.changes + left.recordings === 0 ? (
          <p>{i18n._("Being finished.")}</p>
        ) : (
          <>
            {left.changes > 0 && (
              <p>
                {i18n._("{count, plural, one {# change is} other {# changes are}} still being delivered.", {
                  count: left.changes,
                })}
              </p>
            )}
            {left.recordings > 0 && (
              <p>
                {i18n._(
                  "{count, plural, one {# recording is} other {# recordings are}} still being delivered.",
                  { count: left.recordings },
                )}
              </p>
            )}
          </>
        )}
      </div>
      {offlineSince !== null && <p>{i18n._("The clinic does not answer now. It goes on by itself.")}</p>}
      <p>{i18n._("Please keep it switched on and near the Wi-Fi.")}</p>
    </>
  );
}
