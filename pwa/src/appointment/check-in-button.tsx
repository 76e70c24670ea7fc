import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { can } from "#domain/access/can.ts";
import { type Appointment, mayFollow } from "#domain/appointment/index.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { mutate, useSession } from "#pwa/local/index.ts";

/** One tap: the patient is here. */
export function CheckInButton({ appointment }: { readonly appointment: Appointment }) {
  const { i18n } = useLingui();
  const { user } = useSession();
  const [failure, setFailure] = useState<string | null>(null);
  const allowed =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "schedule:write").allowed;
  if (!allowed || !mayFollow(appointment.status, "arrived")) return null;
  const checkIn = () =>
    mutate("appointment.checkIn", { id: appointment.id }).catch((error: unknown) =>
      setFailure(errorText(error)),
    );
  return (
    <>
      {failure && <span role="alert">{failure}</span>}
      <Button variant="light" leftSection={<IconUserCheck size={20} aria-hidden />} onClick={checkIn}>
        {i18n._("Check in")}
      </Button>
    </>
  );
}
