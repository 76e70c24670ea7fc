import { useLingui } from "@lingui/react";
import { Alert, Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useSetUpState } from "./use-set-up-state.ts";

interface DoorNoticeProps {
  readonly onEnter: () => void;
}

/** Nobody can sign in yet: the way to enter with the code. Nothing where somebody has entered. */
export function DoorNotice({ onEnter }: DoorNoticeProps) {
  const { i18n } = useLingui();
  if (useSetUpState() !== "unentered") return null;
  return (
    <Alert
      mb="md"
      color="blue"
      variant="light"
      icon={<IconKey aria-hidden />}
      role="status"
      title={i18n._("Nobody works at this practice yet")}
    >
      <p>{i18n._("Whoever installed JamEMR has a code for the first administrator.")}</p>
      <Button mt="sm" onClick={onEnter}>
        {i18n._("Enter the code")}
      </Button>
    </Alert>
  );
}
