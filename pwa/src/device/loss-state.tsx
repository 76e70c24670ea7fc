import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { DeviceLoss } from "#domain/operations/dashboard.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./device.module.css";
import { countLost, lossText } from "./loss-text.ts";

interface LossStateProps {
  readonly device: { readonly id: string; readonly name: string };
  readonly loss: DeviceLoss;
  readonly onChanged: () => void;
}

/** That a browser threw away what was kept there, whose work may be lost with it, and what to do. */
export function LossState({ device, loss, onChanged }: LossStateProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState(false);
  const count = countLost(loss);
  return (
    <span className={classes.wipe}>
      <StateBadge tone={count > 0 ? "bad" : "warn"}>
        {count > 0 ? i18n._("{count} possibly lost", { count }) : i18n._("Cleared by the browser")}
      </StateBadge>
      {count > 0 && <span>{lossText(i18n, loss)}</span>}
      {may("device:acknowledge") && (
        <Button size="sm" h={44} variant="default" onClick={() => setOpen(true)}>
          {i18n._("What to do")}
        </Button>
      )}
      {open && (
        <SeeTo
          device={device}
          loss={loss}
          onClose={() => {
            setOpen(false);
            onChanged();
          }}
        />
      )}
    </span>
  );
}

function SeeTo({
  device,
  loss,
  onClose,
}: Omit<LossStateProps, "onChanged"> & { readonly onClose: () => void }) {
  const { i18n } = useLingui();
  const zone = useSession().practice?.zone ?? "UTC";
  const found = dateTimeText(loss.foundAt, zone);
  const heard = loss.heardAt && dateTimeText(loss.heardAt, zone);
  const send = async () => {
    await ask(`/api/devices/${device.id}/acknowledge-loss`, { method: "POST", body: {} });
    onClose();
  };
  return (
    <DialogForm
      title={i18n._("{name} lost what was kept on it", { name: device.name })}
      submit={i18n._("It is seen to")}
      onClose={onClose}
      onSubmit={send}
    >
      <ul className={classes.points}>
        <li>
          {i18n._("Its browser threw it away. {name} found that on {when}.", {
            name: loss.foundBy,
            when: found,
          })}
        </li>
        {countLost(loss) > 0 && (
          <li>{i18n._("Not at the clinic: {what}.", { what: lossText(i18n, loss) })}</li>
        )}
        <li>
          {heard
            ? i18n._("It was last heard of on {heard}. What was written on it later is not counted.", {
                heard,
              })
            : i18n._("It had never said how it does: what was written on it is not counted.")}
        </li>
        <li>{i18n._("Ask the people who used it what they wrote there, and have it entered again.")}</li>
        <li>
          {i18n._(
            "Install JamEMR as an app on that tablet and give it room, so that it does not happen again.",
          )}
        </li>
        <li>{i18n._("Then remove this device from the list: the tablet is another one since.")}</li>
        <li>{i18n._("What turns up after all goes from here by itself.")}</li>
      </ul>
    </DialogForm>
  );
}
