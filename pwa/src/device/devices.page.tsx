import { useLingui } from "@lingui/react";
import { Alert, Button, Group, Modal } from "@mantine/core";
import { IconDeviceTabletOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { deviceSchema } from "#domain/device/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import classes from "#pwa/audit/audit.module.css";
import { StateBadge } from "#pwa/design/badge.tsx";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, useConnection, useRows, useSession } from "#pwa/local/index.ts";

const answerSchema = z.object({
  devices: z.array(
    deviceSchema.loose().extend({ lastUserId: z.string().nullable(), lastContactAt: z.string().nullable() }),
  ),
});
type Contact = z.infer<typeof answerSchema>["devices"][number];

/** The browsers and tablets that are enrolled at the practice: who used them last, and removing one that is lost. */
export function DevicesPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "ops:read").allowed)
    return <DeniedPage permission="ops:read" />;
  return <Devices />;
}

function Devices() {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const { rows, ready } = useRows("device", { sort: "name" });
  const { rows: staff } = useRows("staff");
  const contacts = useContacts(rows.length);
  const [removing, setRemoving] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const zone = practice?.zone ?? "UTC";
  const decision =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "device:revoke");
  const mayRemove = decision?.allowed === true && decision.grant === "allow";
  if (rows.length === 0)
    return ready ? (
      <State icon={IconDeviceTabletOff} title={i18n._("No devices yet")} />
    ) : (
      <LoadingRows label={i18n._("Devices are being opened")} />
    );
  const names = new Map(staff.map((person) => [person.id, person.name]));
  const when = (instant: string | null | undefined) => (instant ? dateTimeText(instant, zone) : "");
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Devices")}</h1>
      </header>
      <div className={classes.scroll}>
        <table className={classes.table} data-middle>
          <thead>
            <tr>
              <th scope="col">{i18n._("Device")}</th>
              <th scope="col">{i18n._("Last used by")}</th>
              <th scope="col">{i18n._("Last seen")}</th>
              <th scope="col">{i18n._("Last sign-in")}</th>
              <th scope="col">{i18n._("Enrolled")}</th>
              <th scope="col">{i18n._("State")}</th>
              {mayRemove && <th scope="col">{i18n._("Action")}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((device) => {
              const contact = contacts?.get(device.id);
              return (
                <tr key={device.id}>
                  <td>{device.name}</td>
                  <td>{contact?.lastUserId && names.get(contact.lastUserId)}</td>
                  <td className={classes.when}>{when(contact?.lastContactAt)}</td>
                  <td className={classes.when}>{when(device.lastSeenAt)}</td>
                  <td className={classes.when}>{when(device.enrolledAt)}</td>
                  <td>
                    <StateBadge tone={device.status === "enrolled" ? "good" : "bad"}>
                      {device.status === "enrolled" ? i18n._("Enrolled") : i18n._("Removed")}
                    </StateBadge>
                  </td>
                  {mayRemove && (
                    <td>
                      {device.status === "enrolled" && (
                        <Button size="sm" h={44} variant="default" onClick={() => setRemoving(device)}>
                          {i18n._("Remove")}
                        </Button>
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {removing && <RemoveDevice key={removing.id} {...removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

/** What only the clinic knows of the devices; null while it does not answer, and then those columns stay empty. */
function useContacts(count: number): ReadonlyMap<string, Contact> | null {
  const [contacts, setContacts] = useState<ReadonlyMap<string, Contact> | null>(null);
  const answers = useConnection().offlineSince === null;
  useEffect(() => {
    if (!answers) return;
    let shown = true;
    ask("/api/devices", { answer: answerSchema }).then(
      ({ devices }) => shown && setContacts(new Map(devices.map((device) => [device.id, device]))),
      () => {}, // the list itself stands without it
    );
    return () => {
      shown = false;
    };
  }, [answers, count]);
  return contacts;
}

interface RemoveDeviceProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

function RemoveDevice({ id, name, onClose }: RemoveDeviceProps) {
  const { i18n } = useLingui();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const remove = () => {
    setBusy(true);
    setFailure(null);
    ask(`/api/devices/${id}/revoke`, { method: "POST", body: {} }).then(onClose, (error: unknown) => {
      setFailure(errorText(error));
      setBusy(false);
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={i18n._("Remove {name} from the practice?", { name })}
      closeButtonProps={{ "aria-label": i18n._("Close"), size: 44 }}
      centered
      transitionProps={{ duration: 0 }}
    >
      <p>
        {i18n._(
          "Everybody on it is signed out at once, and it can never sign in again. Work that was not sent yet is kept for review when it arrives.",
        )}
      </p>
      {failure && (
        <Alert color="red" variant="light" role="alert">
          {failure}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {i18n._("Keep it")}
        </Button>
        <Button color="red" loading={busy} onClick={remove}>
          {i18n._("Remove this device")}
        </Button>
      </Group>
    </Modal>
  );
}
