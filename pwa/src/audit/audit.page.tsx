import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconEye, IconInbox, IconSearchOff, IconX } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import { can } from "#domain/access/can.ts";
import { permissionLabels } from "#domain/access/permission-labels.ts";
import type { PermissionName } from "#domain/access/permissions.ts";
import { auditActions, isAuditAction } from "#domain/audit/actions.ts";
import { patientName } from "#domain/patient/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { AsOf, NotLoaded } from "#pwa/design/online-only.tsx";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { exactTimeText } from "#pwa/language/language.ts";
import { useRow, useRows, useSession } from "#pwa/local/index.ts";
import { PatientFinder } from "#pwa/patient/index.ts";
import { ReviewRegister } from "#pwa/review/review-register.tsx";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./audit.module.css";
import { type AuditRecord, actorOf, type Filter, isLater, looked, type Names } from "./audit-records.ts";
import { SaveRecords } from "./save-records.tsx";
import { useAudit } from "./use-audit.ts";
import { WhoLooked } from "./who-looked.tsx";

/** Who did what, when, newest first. Every look at it is itself in the log. */
export function AuditPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "audit:search").allowed)
    return <DeniedPage permission="audit:search" />;
  return <AuditViews />;
}

/** The security officer sees who did what when, but not to whom. */
function useSeesPatients(): boolean {
  const { user } = useSession();
  const decision =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "audit:search");
  return decision?.allowed === true && decision.grant !== "metadata";
}

function AuditViews() {
  const { i18n } = useLingui();
  const [view, setView] = useState<"log" | "looked" | "review">("log");
  const may = useMay();
  const seesPatients = useSeesPatients();
  if (view === "looked") return <WhoLooked onBack={() => setView("log")} />;
  if (view === "review") return <ReviewRegister onBack={() => setView("log")} />;
  return (
    <AuditSearch
      action={
        <>
          {seesPatients && (
            <Button
              variant="default"
              leftSection={<IconEye size={20} aria-hidden />}
              onClick={() => setView("looked")}
            >
              {i18n._("Who looked at a chart")}
            </Button>
          )}
          {may("quarantine:read") && (
            <Button
              variant="default"
              leftSection={<IconInbox size={20} aria-hidden />}
              onClick={() => setView("review")}
            >
              {i18n._("Waiting for review")}
            </Button>
          )}
        </>
      }
    />
  );
}

function AuditSearch({ action }: { readonly action: ReactNode }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const [filter, setFilter] = useState<Filter>({
    person: "",
    patient: "",
    action: "",
    outcome: "",
    from: "",
    to: "",
  });
  const seesPatients = useSeesPatients();
  const { records, names, at, more, failure, busy, loadMore, reload } = useAudit(filter, zone);
  return (
    <>
      <header className={classes.head}>
        <div className={classes.headline}>
          <h1 className={classes.title}>{i18n._("Audit log")}</h1>
          {action}
          <SaveRecords
            filter={filter}
            zone={zone}
            empty={records === null || records.length === 0}
            seesPatients={seesPatients}
          />
          <AsOf at={at} failure={failure} />
        </div>
        <Filters filter={filter} onChange={setFilter} />
      </header>
      {records === null ? (
        failure ? (
          <NotLoaded failure={failure} busy={busy} reload={reload} />
        ) : (
          <LoadingRows rows={6} label={i18n._("The log is being opened")} />
        )
      ) : records.length === 0 ? (
        <State icon={IconSearchOff} title={i18n._("Nothing matches")}>
          {i18n._("Take another person, action, outcome or day.")}
        </State>
      ) : (
        <AuditTable records={records} called={names} />
      )}
      {records && more && (
        <>
          {failure !== null && (
            <p role="alert" className={classes.failure}>
              {errorText(failure)}
            </p>
          )}
          <Button variant="default" fullWidth mt="md" loading={busy} onClick={loadMore}>
            {i18n._("Show older records")}
          </Button>
        </>
      )}
    </>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const { i18n } = useLingui();
  const { row: patient } = useRow("patient", filter.patient);
  const { rows: staff } = useRows("staff", { sort: "name" });
  const seesPatients = useSeesPatients();
  const set = (name: keyof Filter) => (event: { readonly target: { readonly value: string } }) =>
    onChange({ ...filter, [name]: event.target.value });
  return (
    <search className={classes.filters}>
      <Field label={i18n._("Person")}>
        {(id) => (
          <select id={id} value={filter.person} onChange={set("person")}>
            <option value="">{i18n._("Everybody")}</option>
            {staff.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {seesPatients && (
        <div className={classes.patient}>
          {filter.patient === "" ? (
            <PatientFinder
              label={i18n._("Patient")}
              floating
              onPick={({ id }) => onChange({ ...filter, patient: id })}
            />
          ) : (
            <>
              <span className={classes.label}>{i18n._("Patient")}</span>
              <Button
                variant="default"
                h={44}
                rightSection={<IconX size={18} aria-hidden />}
                aria-label={i18n._("{patient}: show every patient again", {
                  patient: patient ? patientName(patient) : filter.patient.slice(0, 8),
                })}
                onClick={() => onChange({ ...filter, patient: "" })}
              >
                {patient ? patientName(patient) : filter.patient.slice(0, 8)}
              </Button>
            </>
          )}
        </div>
      )}
      <Field label={i18n._("Action")}>
        {(id) => (
          <select id={id} value={filter.action} onChange={set("action")}>
            <option value="">{i18n._("All")}</option>
            <option value={looked}>{i18n._("who looked at the chart")}</option>
            {Object.keys(auditActions)
              .filter(isAuditAction)
              .map((action) => (
                <option key={action} value={action}>
                  {i18n._(auditActions[action])}
                </option>
              ))}
          </select>
        )}
      </Field>
      <Field label={i18n._("Outcome")}>
        {(id) => (
          <select id={id} value={filter.outcome} onChange={set("outcome")}>
            <option value="">{i18n._("All")}</option>
            <option value="ok">{i18n._("Done")}</option>
            <option value="denied">{i18n._("Denied")}</option>
            <option value="error">{i18n._("Failed")}</option>
          </select>
        )}
      </Field>
      <Field label={i18n._("From")}>
        {(id) => (
          <input
            id={id}
            type="date"
            value={filter.from}
            max={filter.to || undefined}
            onChange={set("from")}
          />
        )}
      </Field>
      <Field label={i18n._("To")}>
        {(id) => (
          <input id={id} type="date" value={filter.to} min={filter.from || undefined} onChange={set("to")} />
        )}
      </Field>
    </search>
  );
}

interface FieldProps {
  readonly label: string;
  readonly children: (id: string) => ReactNode;
}

/** The label stands beside the field and not around it: around it, its words would be those of every option. */
function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className={classes.filter}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

function AuditTable({
  records,
  called,
}: {
  readonly records: readonly AuditRecord[];
  /** Names of tokens and devices. */
  readonly called: Names;
}) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { rows: staff } = useRows("staff");
  const { rows: patients } = useRows("patient");
  const names = new Map(staff.map((person) => [person.id, person.name]));
  const patientNames = new Map(patients.map((patient) => [patient.id, patientName(patient)]));
  const zone = practice?.zone ?? "UTC";
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{i18n._("Number")}</th>
            <th scope="col">{i18n._("When, by the server's clock")}</th>
            <th scope="col">{i18n._("Who")}</th>
            <th scope="col">{i18n._("What")}</th>
            <th scope="col">{i18n._("Patient")}</th>
            <th scope="col">{i18n._("Outcome")}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.seq}>
              <td className={classes.number}>{record.seq}</td>
              <td className={classes.when}>
                {exactTimeText(record.recordedAt, zone)}
                {isLater(record) && (
                  <span className={classes.claimed}>
                    {i18n._("the device says {time}", { time: exactTimeText(record.occurredAt!, zone) })}
                  </span>
                )}
              </td>
              <td className={classes.who}>
                {names.get(actorOf(record).id ?? "") ?? (
                  <>
                    {actorText(i18n, record.actor.type)}
                    {record.actor.id && called[record.actor.id] && (
                      <span className={classes.claimed}>{called[record.actor.id]}</span>
                    )}
                  </>
                )}
                <WrittenBy author={actorOf(record).author} names={names} />
                {record.actor.deviceId && called[record.actor.deviceId] && (
                  <span className={classes.claimed}>
                    {i18n._("on {device}", { device: called[record.actor.deviceId] })}
                  </span>
                )}
              </td>
              <td>
                {isAuditAction(record.action) ? i18n._(auditActions[record.action]) : record.action}
                {record.permission && <Tried record={record} />}
                <code className={classes.action}>{record.action}</code>
              </td>
              <td>
                {record.patientId ? (patientNames.get(record.patientId) ?? record.patientId.slice(0, 8)) : ""}
                {record.namedPatientId && (
                  <span className={classes.claimed}>
                    {i18n._("the record named was {name}", {
                      name: patientNames.get(record.namedPatientId) ?? record.namedPatientId.slice(0, 8),
                    })}
                  </span>
                )}
              </td>
              <td>
                {record.outcome === "ok" ? (
                  i18n._("Done")
                ) : (
                  <StateBadge tone={record.outcome === "denied" ? "bad" : "warn"}>
                    {record.outcome === "denied" ? i18n._("Denied") : i18n._("Failed")}
                  </StateBadge>
                )}
                {record.reason && <code className={classes.action}>{record.reason}</code>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of a denial: the right that was missing, and the record that was asked for. */
function Tried({ record: { permission = "", resource } }: { readonly record: AuditRecord }) {
  const label = Object.hasOwn(permissionLabels, permission)
    ? permissionLabels[permission as PermissionName]
    : permission;
  return (
    <span className={classes.claimed}>
      {label}
      {resource && (
        <>
          {": "}
          <code title={resource.id}>
            {resource.type} …{resource.id.slice(-8)}
          </code>
        </>
      )}
    </span>
  );
}

function actorText(i18n: ReturnType<typeof useLingui>["i18n"], type: string): string {
  switch (type) {
    case "token":
      return i18n._("Service");
    case "device":
      return i18n._("Device");
    case "system":
      return i18n._("The server");
    default:
      return i18n._("Nobody signed in");
  }
}

/** Whose words they are, where a colleague brought them in. */
function WrittenBy({
  author,
  names,
}: {
  readonly author: string | null;
  readonly names: ReadonlyMap<string, string>;
}) {
  const { i18n } = useLingui();
  if (!author) return null;
  return (
    <span className={classes.claimed}>
      {i18n._("written by {name}", { name: names.get(author) ?? i18n._("Somebody") })}
    </span>
  );
}
