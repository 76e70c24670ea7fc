import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconSearchOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { auditActions, isAuditAction } from "#domain/audit/actions.ts";
import { patientName } from "#domain/patient/index.ts";
import { DeniedPage } from "#pwa/app/denied.page.tsx";
import { StateBadge } from "#pwa/design/badge.tsx";
import { LoadingRows, State } from "#pwa/design/state.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, LocalError, useRows, useSession } from "#pwa/local/index.ts";
import classes from "./audit.module.css";

const recordSchema = z.looseObject({
  seq: z.int(),
  recordedAt: z.string(),
  action: z.string(),
  outcome: z.enum(["ok", "denied", "error"]),
  reason: z.string().optional(),
  actor: z.looseObject({ type: z.string(), id: z.string().nullable(), role: z.string().optional() }),
  patientId: z.string().optional(),
  resource: z.looseObject({ type: z.string(), id: z.string() }).optional(),
});
const answerSchema = z.object({ records: z.array(recordSchema), next: z.int().optional() });
type AuditRecord = z.infer<typeof recordSchema>;

interface Filter {
  readonly patient: string;
  readonly outcome: "" | "ok" | "denied" | "error";
}

/** Who did what, when, newest first. Every look at it is itself in the log. */
export function AuditPage() {
  const { user } = useSession();
  if (!user || !can({ type: "user", id: user.id, role: user.role, deviceId: null }, "audit:search").allowed)
    return <DeniedPage permission="audit:search" />;
  return <AuditSearch />;
}

function AuditSearch() {
  const { i18n } = useLingui();
  const [filter, setFilter] = useState<Filter>({ patient: "", outcome: "" });
  const { records, more, failure, busy, loadMore, reload } = useAudit(filter);
  const { rows: patients } = useRows("patient", { sort: "familyName" });
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.title}>{i18n._("Audit log")}</h1>
        <div className={classes.filters}>
          <label className={classes.filter}>
            {i18n._("Patient")}
            <select
              value={filter.patient}
              onChange={(event) => setFilter({ ...filter, patient: event.target.value })}
            >
              <option value="">{i18n._("Everybody")}</option>
              {patients.map((patient) => (
                <option key={patient.id} value={patient.id}>
                  {patientName(patient)}
                </option>
              ))}
            </select>
          </label>
          <label className={classes.filter}>
            {i18n._("Outcome")}
            <select
              value={filter.outcome}
              onChange={(event) => setFilter({ ...filter, outcome: event.target.value as Filter["outcome"] })}
            >
              <option value="">{i18n._("All")}</option>
              <option value="ok">{i18n._("Done")}</option>
              <option value="denied">{i18n._("Denied")}</option>
              <option value="error">{i18n._("Failed")}</option>
            </select>
          </label>
        </div>
      </header>
      {failure ? (
        <State
          icon={
            failure instanceof LocalError && failure.code === "offline" ? IconCloudOff : IconAlertTriangle
          }
          title={i18n._("The log cannot be shown now")}
          urgent
          action={{ label: i18n._("Try again"), onClick: reload }}
        >
          {errorText(failure)}
        </State>
      ) : records === null ? (
        <LoadingRows rows={6} label={i18n._("The log is being opened")} />
      ) : records.length === 0 ? (
        <State icon={IconSearchOff} title={i18n._("Nothing matches")} />
      ) : (
        <AuditTable records={records} />
      )}
      {records && more && (
        <Button variant="default" fullWidth mt="md" loading={busy} onClick={loadMore}>
          {i18n._("Show older records")}
        </Button>
      )}
    </>
  );
}

function AuditTable({ records }: { readonly records: readonly AuditRecord[] }) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const { rows: staff } = useRows("staff");
  const { rows: patients } = useRows("patient");
  const names = new Map(staff.map((person) => [person.id, person.name]));
  const patientNames = new Map(patients.map((patient) => [patient.id, patientName(patient)]));
  const who = ({ actor }: AuditRecord) => (actor.id && names.get(actor.id)) ?? actorText(i18n, actor.type);
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{i18n._("Number")}</th>
            <th scope="col">{i18n._("When")}</th>
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
              <td className={classes.when}>{dateTimeText(record.recordedAt, practice?.zone ?? "UTC")}</td>
              <td>{who(record)}</td>
              <td>
                {isAuditAction(record.action) ? i18n._(auditActions[record.action]) : record.action}
                <code className={classes.action}>{record.action}</code>
              </td>
              <td>
                {record.patientId ? (patientNames.get(record.patientId) ?? record.patientId.slice(0, 8)) : ""}
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

function actorText(i18n: ReturnType<typeof useLingui>["i18n"], type: string): string {
  switch (type) {
    case "token":
      return i18n._("Service token");
    case "device":
      return i18n._("Device");
    case "system":
      return i18n._("The server");
    default:
      return i18n._("Nobody signed in");
  }
}

function useAudit(filter: Filter) {
  const [records, setRecords] = useState<readonly AuditRecord[] | null>(null);
  const [next, setNext] = useState<number | undefined>();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let current = true;
    setRecords(null);
    setFailure(null);
    fetchPage(filter).then(
      (page) => {
        if (!current) return;
        setRecords(page.records);
        setNext(page.next);
      },
      (error: unknown) => current && setFailure(error),
    );
    return () => {
      current = false;
    };
  }, [filter, round]);

  const loadMore = () => {
    setBusy(true);
    fetchPage(filter, next)
      .then((page) => {
        setRecords((shown) => [...(shown ?? []), ...page.records]);
        setNext(page.next);
      }, setFailure)
      .finally(() => setBusy(false));
  };
  return {
    records,
    more: next !== undefined,
    failure,
    busy,
    loadMore,
    reload: () => setRound((count) => count + 1),
  };
}

function fetchPage(filter: Filter, before?: number): Promise<z.infer<typeof answerSchema>> {
  const query = new URLSearchParams({ limit: "50" });
  if (filter.patient) query.set("patient", filter.patient);
  if (filter.outcome) query.set("outcome", filter.outcome);
  if (before) query.set("before", String(before));
  return ask(`/api/audit?${query}`, { answer: answerSchema });
}
