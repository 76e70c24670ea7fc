import { useLingui } from "@lingui/react";
import { Button, Group, TextInput } from "@mantine/core";
import { IconDeviceTabletOff, IconPencil } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { type Device, deviceNameSchema } from "#domain/device/index.ts";
import { deviceLossSchema } from "#domain/operations/dashboard.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import classes from "#pwa/audit/audit.module.css";
import { StateBadge } from "#pwa/design/badge.tsx";
import { DialogForm } from "#pwa/design/dialog-form.tsx";
import { useKept, useKeptForm } from "#pwa/design/kept-form.tsx";
import { AsOf } from "#pwa/design/online-only.tsx";
import { Opening } from "#pwa/design/opening.tsx";
import { State } from "#pwa/design/state.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { type Answered, ask, useAnswer, useRows, useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import { useStaffName } from "#pwa/staff/index.ts";
import own from "./device.module.css";
import { HeldTimes } from "./held-times.tsx";
import { LoseDevice, type Loss, LossButtons } from "./lose-device.tsx";
import { LossState } from "./loss-state.tsx";
import { WipeState } from "./wipe-state.tsx";

const answerSchema = z.object({
  devices: z.array(
    z.object({
      id: z.string(),
      lastUserId: z.string().nullable(),
      lastContactAt: z.string().nullable(),
      kept: z.int(),
      loss: deviceLossSchema.nullable(),
      isOwn: z.boolean(),
    }),
  ),
});
interface Named {
  readonly id: string;
  readonly name: string;
}
type Contact = z.infer<typeof answerSchema>["devices"][number];

/** The browsers and tablets that are enrolled at the practice: which is which, who used them last, and removing one that is lost. */
export function DevicesPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "ops:read").allowed)
    return <DeniedPage permission="ops:read" />;
  return <Devices />;
}

function Devices() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const { rows, ready } = useRows("device", { sort: "name" });
  const { contacts, answered } = useContacts(rows);
  const [losing, setLosing] = useState<{ readonly device: Named; readonly how: Loss } | null>(null);
  const [naming, setNaming] = useState<Named | null>(null);
  const allowed = (action: "device:revoke" | "device:wipe" | "device:name") => {
    const decision = user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, action);
    return decision?.allowed === true && decision.grant === "allow";
  };
  const may = useMay();
  const mayName = allowed("device:name");
  const mayLose = allowed("device:revoke") && allowed("device:wipe");
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Devices")}</h1>
        <AsOf at={rows.length > 0 ? answered.at : null} failure={answered.failure} />
      </header>
      {rows.length === 0 &&
        (ready ? (
          <State icon={IconDeviceTabletOff} title={i18n._("No devices yet")}>
            {i18n._("A tablet or browser appears here when somebody signs in on it.")}
          </State>
        ) : (
          <Opening label={i18n._("Devices are being opened")} />
        ))}
      <div className={classes.scroll} hidden={rows.length === 0}>
        <table className={classes.table} data-middle>
          <thead>
            <tr>
              <th scope="col">{i18n._("Device")}</th>
              <th scope="col">{i18n._("Last used by")}</th>
              <th scope="col">{i18n._("Last seen")}</th>
              <th scope="col">{i18n._("Last sign-in")}</th>
              <th scope="col">{i18n._("Enrolled")}</th>
              <th scope="col">{i18n._("State")}</th>
              {(mayLose || mayName) && <th scope="col">{i18n._("Action")}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((device) => (
              <Row
                key={device.id}
                device={device}
                contact={contacts?.get(device.id)}
                onSeenTo={answered.reload}
                {...(mayName && { onName: setNaming })}
                {...(mayLose && { onLose: (how: Loss) => setLosing({ device, how }) })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {!contacts && answered.failure !== null && rows.length > 0 && (
        <p className={classes.part} role="status">
          {i18n._("Who used them last, and when, is known to the clinic only.")} {errorText(answered.failure)}
          <Button variant="light" h={44} loading={answered.busy} onClick={answered.reload}>
            {i18n._("Try again")}
          </Button>
        </p>
      )}
      {may("device:held-times") && <HeldTimes />}
      {naming && <NameDevice key={naming.id} {...naming} onClose={() => setNaming(null)} />}
      {losing && (
        <LoseDevice
          {...losing}
          isOwn={contacts?.get(losing.device.id)?.isOwn ?? false}
          onClose={() => setLosing(null)}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly device: Device;
  readonly contact: Contact | undefined;
  readonly onSeenTo: () => void;
  /** Absent for whoever may not. */
  readonly onName?: (device: Device) => void;
  readonly onLose?: (how: Loss) => void;
}

function Row({ device, contact, onSeenTo, onName, onLose }: RowProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const lastUser = useStaffName(contact?.lastUserId ?? "");
  const askedBy = useStaffName(device.wipeAskedBy ?? "");
  const enrolled = device.status === "enrolled";
  const when = (instant: string | null | undefined) =>
    instant ? dateTimeText(instant, practice?.zone ?? "UTC") : "";
  return (
    <tr>
      <td>
        {device.name} {contact?.isOwn && <StateBadge tone="accent">{i18n._("This device")}</StateBadge>}
      </td>
      <td>{lastUser}</td>
      <td className={own.when}>{when(contact?.lastContactAt)}</td>
      <td className={own.when}>{when(device.lastSeenAt)}</td>
      <td className={own.when}>{when(device.enrolledAt)}</td>
      <td>
        {device.wipeAskedAt ? (
          <WipeState
            askedAt={device.wipeAskedAt}
            askedBy={askedBy}
            wipedAt={device.wipedAt}
            left={device.wipeLeft}
            kept={contact?.kept ?? null}
          />
        ) : (
          <StateBadge tone={enrolled ? "good" : "bad"}>
            {enrolled ? i18n._("Enrolled") : i18n._("Removed")}
          </StateBadge>
        )}
        {contact?.loss && <LossState device={device} loss={contact.loss} onChanged={onSeenTo} />}
      </td>
      {(onName || onLose) && (
        <td>
          <Group gap="xs" wrap="nowrap">
            {onName && enrolled && (
              <Button
                size="sm"
                h={44}
                variant="default"
                leftSection={<IconPencil size={18} aria-hidden />}
                onClick={() => onName(device)}
              >
                {i18n._("Name")}
              </Button>
            )}
            {onLose && <LossButtons enrolled={enrolled} asked={!!device.wipeAskedAt} onLose={onLose} />}
          </Group>
        </td>
      )}
    </tr>
  );
}

interface Contacts {
  readonly answered: Answered<unknown>;
  /** By device; null while the clinic has not answered, and then those columns stay empty. */
  readonly contacts: ReadonlyMap<string, Contact> | null;
}

/** What only the clinic knows of the devices: asked for again when there is another one, and as a wipe goes on. */
function useContacts(devices: readonly Device[]): Contacts {
  const answered = useAnswer("/api/devices", answerSchema);
  const { value, reload } = answered;
  const standing = devices.map(({ id, wipedAt, wipeLeft }) => `${id} ${wipedAt} ${wipeLeft}`).join();
  const asked = useRef(standing);
  useEffect(() => {
    if (asked.current !== standing) reload();
    asked.current = standing;
  }, [standing, reload]);
  const contacts = useMemo(() => value && new Map(value.devices.map((one) => [one.id, one])), [value]);
  return { answered, contacts };
}

interface DeviceDialogProps extends Named {
  readonly onClose: () => void;
}

/** Two tablets of one make look alike in every list until somebody says which is which. */
function NameDevice({ id, name: before, ...ends }: DeviceDialogProps) {
  const { i18n } = useLingui();
  const kept = useKeptForm({ form: "device", of: id });
  const onClose = kept.closing(ends.onClose);
  const [name, setName] = useKept(kept, "name", before);
  const send = async () => {
    await ask(`/api/devices/${id}/name`, { method: "POST", body: { name: name.trim() } });
    onClose();
  };
  return (
    <DialogForm
      title={i18n._("Name of {name}", { name: before })}
      submit={i18n._("Save name")}
      disabled={!deviceNameSchema.safeParse(name).success}
      kept={kept}
      onClose={onClose}
      onSubmit={send}
    >
      <TextInput
        label={i18n._("What people call it")}
        description={i18n._(
          "Where it stands or whose it is, such as “Exam 2 tablet”. Never a patient's name.",
        )}
        data-autofocus
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
