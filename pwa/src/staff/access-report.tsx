import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { type AccessStanding, accessStandingSchema, type HeldOnDevice } from "#domain/access/access-end.ts";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { LoseDevice, type Loss } from "#pwa/device/index.ts";
import { longDateTimeText } from "#pwa/language/language.ts";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import classes from "./access-report.module.css";
import { endReasonText } from "./end-reason-text.ts";
import { HeldDevice } from "./held-device.tsx";

interface AccessReportProps {
  readonly userId: string;
  readonly onBack: () => void;
}

/** What is left of somebody whose access has ended: what each device still holds, and what stands under their name. */
export function AccessReport({ userId, onBack }: AccessReportProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const answered = useAnswer(`/api/users/${userId}/access`, accessStandingSchema);
  const [losing, setLosing] = useState<{ readonly device: HeldOnDevice; readonly how: Loss } | null>(null);
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <Button
          variant="subtle"
          h={44}
          leftSection={<IconArrowLeft size={20} aria-hidden />}
          onClick={onBack}
        >
          {i18n._("People")}
        </Button>
        <Button variant="default" h={44} loading={answered.busy} onClick={answered.reload}>
          {i18n._("Ask again")}
        </Button>
        {answered.value && (
          <Button h={44} leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
            {i18n._("Print")}
          </Button>
        )}
      </div>
      <article className={classes.sheet}>
        <header className={classes.head}>
          <h1>{i18n._("After the end of an access")}</h1>
          <p>{practice?.name}</p>
          <AsOf {...answered} />
        </header>
        <OnlineOnly answered={answered} label={i18n._("What is left is being counted")}>
          {(standing) => <Left standing={standing} onLose={(device, how) => setLosing({ device, how })} />}
        </OnlineOnly>
        {answered.at && (
          <p className={classes.foot}>
            {i18n._("What the clinic knew on {when}.", {
              when: longDateTimeText(answered.at, practice?.zone ?? "UTC"),
            })}
          </p>
        )}
      </article>
      {losing && (
        <LoseDevice
          {...losing}
          isOwn={losing.device.isOwn}
          onClose={() => {
            setLosing(null);
            answered.reload();
          }}
        />
      )}
    </div>
  );
}

interface LeftProps {
  readonly standing: AccessStanding;
  readonly onLose: (device: HeldOnDevice, how: Loss) => void;
}

function Left({ standing, onLose }: LeftProps) {
  const { i18n } = useLingui();
  const zone = useSession().practice?.zone ?? "UTC";
  const { person, ended, devices } = standing;
  const name = person.suffix ? `${person.name}, ${person.suffix}` : person.name;
  return (
    <>
      <p className={classes.person}>{name}</p>
      <p className={classes.soft}>
        {ended === null
          ? i18n._("Has access.")
          : ended.by === null
            ? i18n._("Access ended {when}.", { when: longDateTimeText(ended.at, zone) })
            : i18n._("Access ended {when} by {by}.", {
                when: longDateTimeText(ended.at, zone),
                by: ended.by,
              })}{" "}
        {ended?.reason && endReasonText(i18n, ended.reason)}
      </p>
      <section aria-label={i18n._("Devices they used")}>
        <h2>{i18n._("Devices they used")}</h2>
        {devices.length === 0 ? (
          <p className={classes.soft}>{i18n._("They never signed in on a tablet or computer.")}</p>
        ) : (
          <ul className={classes.devices}>
            {devices.map((device) => (
              <HeldDevice
                key={device.id}
                device={device}
                ended={ended !== null}
                onLose={(how) => onLose(device, how)}
              />
            ))}
          </ul>
        )}
      </section>
      <UnderTheirName standing={standing} />
    </>
  );
}

function UnderTheirName({ standing }: { readonly standing: AccessStanding }) {
  const { i18n } = useLingui();
  const { tasks, unsignedNotes, openVisits, appointments, captures } = standing;
  const rows = [
    [i18n._("Open tasks, clinical"), tasks.clinical],
    [i18n._("Open tasks, administrative"), tasks.administrative],
    [i18n._("Unsigned notes"), unsignedNotes],
    [i18n._("Visits not closed"), openVisits],
    [i18n._("Appointments to come"), appointments],
    [i18n._("Unassigned entries"), captures],
  ] as const;
  return (
    <section aria-label={i18n._("Under their name")}>
      <h2>{i18n._("Under their name")}</h2>
      <p className={classes.soft}>
        {i18n._("Nothing was moved to anybody else. Colleagues take it over where it stands.")}
      </p>
      <dl className={classes.counts}>
        {rows.map(([label, count]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
