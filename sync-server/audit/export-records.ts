import { createHash } from "node:crypto";
import { auditActions, isAuditAction } from "#domain/audit/actions.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { Database } from "#server/database/database.ts";
import { type AuditRecord, actorNames, matching, withoutPatient } from "./audit-log.ts";
import type { AuditFilter } from "./audit-query.ts";
import { BYTE_ORDER_MARK, csvLine } from "./csv.ts";
import { type PracticeOfLog, toAuditEvent } from "./fhir/audit-event.ts";

export const exportFormats = ["csv", "ndjson", "fhir"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface RecordExport {
  readonly database: Database;
  readonly practice: PracticeOfLog;
  readonly format: ExportFormat;
  readonly filter: AuditFilter;
  /** The number of the newest record that is part of it. */
  readonly through: number;
  /** Who did what when, but not to whom. */
  readonly metadataOnly?: boolean;
}

type Names = Readonly<Record<string, string>>;
type Row = Partial<AuditRecord> &
  Pick<AuditRecord, "seq" | "id" | "hash" | "recordedAt" | "actor" | "action" | "outcome">;

/** The columns of the CSV. */
const columns: readonly (readonly [string, (record: Row, names: Names) => string | number | undefined])[] = [
  ["number", ({ seq }) => seq],
  ["recorded_at", ({ recordedAt }) => recordedAt],
  ["claimed_at", ({ occurredAt }) => occurredAt],
  ["actor_type", ({ actor }) => actor.type],
  ["actor_id", ({ actor }) => actor.id ?? undefined],
  ["actor_name", ({ actor }, names) => names[actor.id ?? ""]],
  ["role", ({ actor }) => actor.role],
  ["on_behalf_of_id", ({ onBehalfOf }) => onBehalfOf],
  ["on_behalf_of_name", ({ onBehalfOf }, names) => names[onBehalfOf ?? ""]],
  ["colleague_id", ({ colleagueId }) => colleagueId],
  ["device_id", ({ actor }) => actor.deviceId],
  ["device_name", ({ actor }, names) => names[actor.deviceId ?? ""]],
  ["session_id", ({ actor }) => actor.sessionId],
  ["token_id", ({ actor }) => actor.tokenId],
  ["action", ({ action }) => action],
  ["words", ({ action }) => (isAuditAction(action) ? auditActions[action] : undefined)],
  ["outcome", ({ outcome }) => outcome],
  ["reason", ({ reason }) => reason],
  ["permission", ({ permission }) => permission],
  ["route", ({ route }) => route],
  ["patient_id", ({ patientId }) => patientId],
  ["named_patient_id", ({ namedPatientId }) => namedPatientId],
  ["resource_type", ({ resource }) => resource?.type],
  ["resource_id", ({ resource }) => resource?.id],
  ["resource_version", ({ resource }) => resource?.version],
  ["purpose", ({ purpose }) => purpose],
  ["approval_id", ({ approvalId }) => approvalId],
  ["break_glass_id", ({ breakGlassId }) => breakGlassId],
  ["request_id", ({ requestId }) => requestId],
  ["device_sequence", ({ deviceSeq }) => deviceSeq],
  ["changed", ({ changed }) => changed?.join(" ")],
  ["waits", ({ waits }) => waits?.join(" ")],
  ["before", ({ before }) => before],
  ["after", ({ after }) => after],
  ["former_epoch", ({ formerEpoch }) => formerEpoch],
  ["ai", ({ ai }) => ai && JSON.stringify(ai)],
  ["search", ({ search }) => search && JSON.stringify(search)],
  ["record_id", ({ id }) => id],
  ["hash", ({ hash }) => hash],
];
/** Columns that say of whom a record is. */
const ofPatients = new Set([
  "patient_id",
  "named_patient_id",
  "resource_type",
  "resource_id",
  "resource_version",
]);

/** The text of an export, some thousand records at most in memory. */
export async function* exportRecords(options: RecordExport): AsyncGenerator<string> {
  const { database, practice, format, filter, through, metadataOnly = false } = options;
  const shown = columns.filter(([name]) => !metadataOnly || !ofPatients.has(name));
  if (format === "csv") yield BYTE_ORDER_MARK + csvLine(shown.map(([name]) => name));
  for await (const page of matching(database, { ...filter, through })) {
    const records: Row[] = metadataOnly ? page.map(withoutPatient) : page;
    if (format === "csv") {
      const names = { ...(await staffNames(database, page)), ...(await actorNames(database, page)) };
      yield records.map((record) => csvLine(shown.map(([, value]) => value(record, names)))).join("");
    } else if (format === "ndjson") yield records.map((record) => `${JSON.stringify(record)}\n`).join("");
    else yield page.map((record) => `${JSON.stringify(toAuditEvent(record, practice))}\n`).join("");
  }
}

/** What people among the actors and authors are called. */
async function staffNames(database: Database, records: readonly AuditRecord[]): Promise<Names> {
  const ids = new Set(records.flatMap(({ actor, onBehalfOf }) => [actor.id, onBehalfOf]));
  const known = [...ids].filter((id) => idSchema.safeParse(id).success);
  const rows: { id: string; name: string }[] = await database.em
    .fork()
    .execute("select id, name from staff where id = any(?::uuid[])", [`{${known.join(",")}}`]);
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

const digest = (value: string): string => createHash("sha256").update(value).digest("hex");

/** What the log keeps of a search or an export: which filters, told to whoever knows their values, and how many records. */
export const searchRecord = (
  { patient, ...filters }: AuditFilter,
  found: Omit<NonNullable<AuditBody["search"]>, "filters">,
): Pick<AuditBody, "patientId" | "search"> => ({
  ...(patient && { patientId: patient }),
  search: {
    filters: Object.fromEntries(
      Object.entries(filters).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, digest(value)]],
      ),
    ),
    ...found,
  },
});
