import { useLingui } from "@lingui/react";
import { Alert, Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { type DeviceTimes, deviceTimesSchema } from "#domain/operations/dashboard.ts";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { type Answered, ask, useAnswer, useSession } from "#pwa/local/index.ts";
import classes from "./device.module.css";

const answerSchema = z.object({ devices: z.array(deviceTimesSchema) });

/** Which devices hold times that only they may promise while they are offline. */
export const useHeldTimes = (): Answered<{ devices: DeviceTimes[] }> =>
  useAnswer("/api/devices/held-times", answerSchema);

/** It may stand over a sheet, which stays when this is closed. */
const escapeIsOurs = { "data-mantine-stop-propagation": "true" } as const;

interface GiveBackTimesProps {
  readonly device: DeviceTimes;
  /** @param done they are everybody's now */
  readonly onClose: (done: boolean) => void;
}

/** Says what becomes of a promise that was made on the device meanwhile, and gives its times back. */
export function GiveBackTimes({ device, onClose }: GiveBackTimesProps) {
  const { i18n } = useLingui();
  const zone = useSession().practice?.zone ?? "UTC";
  const { id, name, times, lastContactAt, isOwn } = device;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await ask(`/api/devices/${id}/give-back-times`, { method: "POST", body: {} });
      say(
        i18n._("{times, plural, one {# time is everybody's now.} other {# times are everybody's now.}}", {
          times,
        }),
      );
      onClose(true);
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={i18n._("Give back the times of {name}?", { name })}
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44, ...escapeIsOurs }}
      closeOnEscape={false}
      onKeyDown={(event) => event.key === "Escape" && onClose(false)}
      centered
      transitionProps={{ duration: 0 }}
    >
      <ul className={classes.points}>
        <li>
          {i18n._(
            "{times, plural, one {# free time that only this device may promise is everybody's to book then.} other {# free times that only this device may promise are everybody's to book then.}}",
            { times },
          )}
        </li>
        <li>
          {lastContactAt
            ? i18n._("The clinic last heard of it on {when}.", { when: dateTimeText(lastContactAt, zone) })
            : i18n._("The clinic has never heard of it since.")}
        </li>
        <li>
          {i18n._(
            "If somebody promised one of them there and it was not sent yet, the time may be gone when it arrives. The desk is then asked to call the patient back.",
          )}
        </li>
        <li>{i18n._("When somebody works at the front desk on it again, it holds times again.")}</li>
      </ul>
      {isOwn && (
        <Alert color="orange" variant="light" mb="md">
          {i18n._("This is the device you are working on now.")}
        </Alert>
      )}
      {failure && (
        <Alert color="red" variant="light" role="alert">
          {failure}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => onClose(false)} {...escapeIsOurs}>
          {i18n._("Keep them")}
        </Button>
        <Button loading={busy} onClick={() => void send()} {...escapeIsOurs}>
          {i18n._("Give them back")}
        </Button>
      </Group>
    </Modal>
  );
}
