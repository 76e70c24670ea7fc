import { useLingui } from "@lingui/react";
import { Alert, Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { errorText } from "#pwa/language/error-text.ts";
import { ask } from "#pwa/local/index.ts";
import classes from "./device.module.css";

/** Taken out of use, or what can be read on it destroyed as well. */
export type Loss = "revoke" | "wipe";

interface LossButtonsProps {
  readonly enrolled: boolean;
  /** It was asked to wipe itself already. */
  readonly asked: boolean;
  readonly onLose: (how: Loss) => void;
}

/** What can still be done about a device that is lost. One that was only removed can be wiped later. */
export function LossButtons({ enrolled, asked, onLose }: LossButtonsProps) {
  const { i18n } = useLingui();
  return (
    <>
      {enrolled && (
        <Button size="sm" h={44} variant="default" onClick={() => onLose("revoke")}>
          {i18n._("Remove")}
        </Button>
      )}
      {!asked && (
        <Button size="sm" h={44} variant="default" onClick={() => onLose("wipe")}>
          {i18n._("Wipe")}
        </Button>
      )}
    </>
  );
}

interface LoseDeviceProps {
  readonly device: { readonly id: string; readonly name: string };
  readonly how: Loss;
  /** It is the one in the hands of who asks. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** Says what will happen and what is kept, and does it. */
export function LoseDevice({ device: { id, name }, how, isOwn, onClose }: LoseDeviceProps) {
  const { i18n } = useLingui();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const wipes = how === "wipe";
  const send = () => {
    setBusy(true);
    setFailure(null);
    ask(`/api/devices/${id}/${how}`, { method: "POST", body: {} }).then(onClose, (error: unknown) => {
      setFailure(errorText(error));
      setBusy(false);
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={wipes ? i18n._("Wipe {name}?", { name }) : i18n._("Remove {name} from the practice?", { name })}
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
      centered
      transitionProps={{ duration: 0 }}
    >
      <ul className={classes.points}>
        <li>{i18n._("Everybody on it is signed out at once, and it can never sign in again.")}</li>
        <li>
          {wipes
            ? i18n._(
                "Patient records and PINs on it are destroyed as soon as it reaches the clinic. This cannot be undone.",
              )
            : i18n._(
                "Records stay on it, sealed. Somebody with a PIN can read them until its offline time is over.",
              )}
        </li>
        <li>{i18n._("Work that was not sent yet is kept for review when it arrives.")}</li>
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
        <Button variant="default" onClick={onClose}>
          {i18n._("Keep it")}
        </Button>
        <Button color="red" loading={busy} onClick={send}>
          {wipes ? i18n._("Wipe this device") : i18n._("Remove this device")}
        </Button>
      </Group>
    </Modal>
  );
}
