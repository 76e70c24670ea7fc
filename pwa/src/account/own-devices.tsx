import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import * as z from "zod";
import { StateBadge } from "#pwa/design/badge.tsx";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { OnlineOnly } from "#pwa/design/online-only.tsx";
import { say } from "#pwa/design/toast.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, useAnswer, useSession } from "#pwa/local/index.ts";
import classes from "./account.module.css";

const deviceSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(["enrolled", "revoked"]),
  lastContactAt: z.string().nullable(),
  isOwn: z.boolean(),
  isAlone: z.boolean(),
});
type OwnDevice = z.infer<typeof deviceSchema>;
const answer = z.object({ devices: z.array(deviceSchema) });

/** Tablets and browsers that hold one's keys. One that nobody else uses can be removed at once when it is lost. */
export function OwnDevices() {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/devices?own=true", answer);
  const [removing, setRemoving] = useState<OwnDevice | null>(null);
  return (
    <section className={classes.card}>
      <h3 className={classes.subtitle}>{i18n._("Your devices")}</h3>
      <p className={classes.hint}>
        {i18n._("Remove one that was lost or stolen. One that colleagues share, practice IT removes.")}
      </p>
      <OnlineOnly answered={answered} label={i18n._("Your devices are being opened")}>
        {({ devices }) => (
          <ul className={classes.list}>
            {devices
              .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
              .map((device) => (
                <Row key={device.id} device={device} onRemove={() => setRemoving(device)} />
              ))}
          </ul>
        )}
      </OnlineOnly>
      {removing && (
        <RemoveDevice
          device={removing}
          onClose={() => setRemoving(null)}
          onDone={() => {
            setRemoving(null);
            answered.reload();
          }}
        />
      )}
    </section>
  );
}

function Row({ device, onRemove }: { readonly device: OwnDevice; readonly onRemove: () => void }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const removed = device.status === "revoked";
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <span className={classes.name}>{device.name}</span>
        <span className={classes.meta}>
          {device.lastContactAt
            ? i18n._("Last heard of {when}", {
                when: dateTimeText(device.lastContactAt, practice?.zone ?? "UTC"),
              })
            : i18n._("Not heard of yet")}
        </span>
      </span>
      <span>
        {removed && <StateBadge tone="bad">{i18n._("Removed")}</StateBadge>}
        {device.isOwn && <StateBadge tone="good">{i18n._("This one")}</StateBadge>}
        {!removed && !device.isOwn && !device.isAlone && <StateBadge>{i18n._("Shared")}</StateBadge>}
      </span>
      <span className={classes.buttons}>
        {!removed && !device.isOwn && device.isAlone && (
          <Button
            variant="subtle"
            color="red"
            size="sm"
            h={44}
            aria-label={i18n._("Remove {name}", { name: device.name })}
            onClick={onRemove}
          >
            {i18n._("Remove")}
          </Button>
        )}
      </span>
    </li>
  );
}

interface RemoveDeviceProps {
  readonly device: OwnDevice;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function RemoveDevice({ device, onClose, onDone }: RemoveDeviceProps) {
  const { i18n } = useLingui();
  const send = async () => {
    await ask(`/api/devices/${device.id}/revoke`, { method: "POST", body: {} });
    say(i18n._("{name} is removed.", { name: device.name }));
    onDone();
  };
  return (
    <DialogForm
      title={i18n._("Remove {name}?", { name: device.name })}
      submit={i18n._("Remove this device")}
      danger
      onClose={onClose}
      onSubmit={send}
    >
      <p className={classes.words}>
        {i18n._(
          "Nobody works on it any more, and what it has not sent waits for review when it arrives. Taking this back is not possible. If it was stolen, ask practice IT to have it wiped, too.",
        )}
      </p>
    </DialogForm>
  );
}
