import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useSession } from "#pwa/local/index.ts";
import { DoorLayout } from "./door-layout.tsx";

/** The time in which this tablet may show records without the clinic is over. Nothing was lost. */
export function ExpiredPage() {
  const { i18n } = useLingui();
  const { actions } = useSession();
  return (
    <DoorLayout
      title={i18n._("This tablet has been away too long")}
      words={i18n._(
        "Records stay hidden until the clinic answers again. What waits here is sealed and will still be sent.",
      )}
    >
      <Button fullWidth onClick={() => actions.switchUser(null)}>
        {i18n._("Sign in with a password")}
      </Button>
    </DoorLayout>
  );
}
