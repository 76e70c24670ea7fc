import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconEyeOff, IconPrinter, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Patient } from "#domain/patient/index.ts";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { State } from "#pwa/design/state.tsx";
import { usePrint } from "#pwa/design/use-print.ts";
import { exactTimeText, longDateTimeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { mutate, useAnswer, useRows, useSession } from "#pwa/local/index.ts";
import { PatientFinder, PatientIdentity } from "#pwa/patient/index.ts";
import { type AuditAnswer, type AuditRecord, isLater, lookedAt, personOf } from "./audit-records.ts";
import classes from "./who-looked.module.css";

/** Who opened a patient's chart and on whose tablet it was (C27), to read and to hand to the patient. */
export function WhoLooked({ onBack }: { readonly onBack: () => void }) {
  const { i18n } = useLingui();
  const [patient, setPatient] = useState<Patient | null>(null);
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <Button
          variant="subtle"
          h={44}
          leftSection={<IconArrowLeft size={20} aria-hidden />}
          onClick={onBack}
        >
          {i18n._("Audit log")}
        </Button>
        <div className={classes.finder}>
          <PatientFinder label={i18n._("Patient")} floating onPick={setPatient} />
        </div>
        {patient && (
          <Button h={44} leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
            {i18n._("Print")}
          </Button>
        )}
      </div>
      {patient ? (
        <Looks key={patient.id} patientId={patient.id} />
      ) : (
        <>
          <h1 className={classes.title}>{i18n._("Who looked at a chart")}</h1>
          <State icon={IconSearch} title={i18n._("Find the patient")}>
            {i18n._("By name, birth date, phone or record number.")}
          </State>
        </>
      )}
    </div>
  );
}

function Looks({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const { address, answer } = useMemo(() => lookedAt(patientId), [patientId]);
  const answered = useAnswer(address, answer);
  const printedAt = usePrint(async () => {
    if (user) await mutate("staff.printLooks", { id: user.id, patientId });
  });
  const newest = answered.value?.records[0]?.seq;
  return (
    <article className={classes.sheet}>
      <header className={classes.head}>
        <div>
          <h1>{i18n._("Who looked at this chart")}</h1>
          <p className={classes.patient}>
            <PatientIdentity patientId={patientId} />
          </p>
          <AsOf {...answered} />
        </div>
        <p>{practice?.name}</p>
      </header>
      <OnlineOnly answered={answered} label={i18n._("The log is being opened")}>
        {(found) => <LookTable found={found} />}
      </OnlineOnly>
      <footer className={classes.foot}>
        <p>
          {i18n._(
            "“Opened” means that a person opened the chart. “Was on this tablet” means that a device held it for that person to work without the network; it does not mean that anybody looked.",
          )}
        </p>
        <p>
          {i18n._("From the audit log by {name}, {time}.", {
            name: user?.name ?? "",
            time: longDateTimeText(printedAt, practice?.zone ?? "UTC"),
          })}
          {newest !== undefined &&
            ` ${i18n._("The newest record of this chart in it is number {seq}.", { seq: newest })}`}
        </p>
      </footer>
    </article>
  );
}

function LookTable({ found: { records, names, next } }: { readonly found: AuditAnswer }) {
  const { i18n } = useLingui();
  const { rows: staff } = useRows("staff");
  const people = useMemo(() => new Map(staff.map(({ id, name }) => [id, name])), [staff]);
  if (records.length === 0)
    return <State icon={IconEyeOff} title={i18n._("Nobody opened this chart, and no tablet held it")} />;
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{i18n._("When")}</th>
            <th scope="col">{i18n._("Who")}</th>
            <th scope="col">{i18n._("What")}</th>
            <th scope="col">{i18n._("Device")}</th>
            <th scope="col">{i18n._("Number")}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Look
              key={record.seq}
              record={record}
              people={people}
              device={names[record.actor.deviceId ?? ""]}
            />
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <p className={classes.more}>
          {i18n._("Only the newest {count} are shown; older ones are in the audit log.", {
            count: records.length,
          })}
        </p>
      )}
    </>
  );
}

interface LookProps {
  readonly record: AuditRecord;
  readonly people: ReadonlyMap<string, string>;
  readonly device: string | undefined;
}

function Look({ record, people, device }: LookProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { action, seq, actor, occurredAt, recordedAt } = record;
  const words = {
    "chart.opened": i18n._("Opened"),
    "recording.listened": i18n._("Listened to a recording"),
  }[action];
  return (
    <tr data-look={action}>
      <td className={classes.when}>
        {exactTimeText(occurredAt ?? recordedAt, zone)}
        {isLater(record) && (
          <span className={classes.soft}>
            {i18n._("told to the clinic {time}", { time: exactTimeText(recordedAt, zone) })}
          </span>
        )}
      </td>
      <td>
        {people.get(personOf(record) ?? "") ?? i18n._("Somebody who is not in the list of staff")}
        {actor.role && <span className={classes.soft}>{roleText(i18n, actor.role)}</span>}
      </td>
      <td className={classes.what}>
        {words ?? i18n._("Was on this tablet")}
        {action === "chart.opened" && record.reason !== undefined && (
          <span className={classes.soft}>{i18n._("told after this device or person was shut out")}</span>
        )}
      </td>
      <td>{device}</td>
      <td className={classes.number}>{seq}</td>
    </tr>
  );
}
