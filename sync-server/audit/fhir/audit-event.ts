import { auditActions, isAuditAction } from "#domain/audit/actions.ts";
import { originOf } from "#domain/audit/signed-note.ts";
import { collections, isCollectionName } from "#domain/registry.ts";
import type { AuditRecord } from "#server/audit/audit-log.ts";
import { auditEvents } from "./audit-events.ts";
import { type Coding, coding } from "./codings.ts";
import { type EventKind, eventKinds } from "./event-kinds.ts";

interface Reference {
  readonly reference?: string;
  readonly identifier?: { readonly system: string; readonly value: string };
  readonly display?: string;
}
interface CodeableConcept {
  readonly coding: readonly Coding[];
}
interface Agent {
  readonly type?: CodeableConcept;
  readonly role?: readonly CodeableConcept[];
  readonly who?: Reference;
  readonly requestor: boolean;
  readonly network?: object;
}
interface Detail {
  readonly type: string;
  readonly valueString: string;
}
interface Entity {
  readonly what: Reference;
  readonly type: Coding;
  readonly role?: Coding;
  readonly detail?: readonly Detail[];
}

/** A FHIR R4 AuditEvent, as far as JamEMR fills one. */
export interface FhirAuditEvent {
  readonly resourceType: "AuditEvent";
  readonly id: string;
  readonly meta?: { readonly profile: readonly string[] };
  readonly type: Coding;
  readonly subtype: readonly Coding[];
  readonly action: EventKind["action"];
  readonly period?: object;
  readonly recorded: string;
  readonly outcome: "0" | "4" | "8";
  readonly outcomeDesc?: string;
  readonly purposeOfEvent?: readonly CodeableConcept[];
  readonly agent: readonly Agent[];
  readonly source: object;
  readonly entity: readonly Entity[];
}

export interface PracticeOfLog {
  readonly id: string;
  readonly name: string;
}

/** The time in it is what a device says, and nobody else's word. */
export const CLAIMED_TIME = "urn:jamemr:claimed-time";

const concept = (...codes: readonly Coding[]): CodeableConcept => ({ coding: codes });
const own = (system: string, code: string): Coding => ({ system: `urn:jamemr:${system}`, code });
const person = (id: string): Reference => ({ reference: `Practitioner/${id}` });
const identified = (type: string, id: string): Reference => ({
  identifier: { system: `urn:jamemr:${type}`, value: id },
});
/** The log has no addresses of devices: none is recorded. */
const unknownNetwork = {
  extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }],
};

/** A record as the resource that it is about; what FHIR has no resource for goes by its number in JamEMR. */
function referenceTo({ type, id, version }: NonNullable<AuditRecord["resource"]>): Reference {
  const collection = type === "user" ? "staff" : type;
  const name = isCollectionName(collection) ? collections[collection].fhir : null;
  if (name === null || !/^[A-Za-z0-9.-]{1,64}$/.test(id)) return identified(type, id || "none");
  return { reference: `${name}/${id}${version === undefined ? "" : `/_history/${version}`}` };
}

const kindOf = (action: string): EventKind =>
  eventKinds[isAuditAction(action) ? auditEvents[action] : "activity"];

const serverOf = ({ id }: PracticeOfLog): Reference => ({
  identifier: { system: "urn:ietf:rfc:3986", value: originOf(id) },
  display: "JamEMR",
});

function clientOf({ actor }: AuditRecord): Reference | null {
  if (actor.deviceId) return { reference: `Device/${actor.deviceId}` };
  if (actor.type === "device" && actor.id) return { reference: `Device/${actor.id}` };
  if (actor.type === "token" && actor.id) return identified("token", actor.id);
  return null;
}

function peopleIn(record: AuditRecord, kind: EventKind): Agent[] {
  const { actor, onBehalfOf, colleagueId } = record;
  const role = actor.role ? { role: [concept(own("role", actor.role))] } : {};
  // What a device delivers for somebody who is locked out is still that person's doing.
  const doer = actor.type === "user" ? actor.id : actor.type === "device" ? (onBehalfOf ?? null) : null;
  const people: Agent[] = [];
  if (doer) people.push({ type: concept(kind.user), ...role, who: person(doer), requestor: true });
  if (onBehalfOf && onBehalfOf !== doer)
    people.push({ type: concept(own("agent", "on-behalf-of")), who: person(onBehalfOf), requestor: false });
  if (colleagueId)
    people.push({ type: concept(own("agent", "colleague")), who: person(colleagueId), requestor: false });
  return people;
}

function agentsOf(record: AuditRecord, kind: EventKind, practice: PracticeOfLog): Agent[] {
  const client = clientOf(record);
  const people = peopleIn(record, kind);
  const asked = people.some(({ requestor }) => requestor);
  // Data goes to whom it was given, and comes from the server, only where it is read.
  const given = kind.action === "R";
  const [atClient, atServer] = given
    ? [coding.destinationRole, coding.sourceRole]
    : [coding.sourceRole, coding.destinationRole];
  const receiver = kind === eventKinds.disclosure ? patientReference(record) : client;
  const machine = (type: Coding, who: Reference, requestor: boolean): Agent => ({
    type: concept(type),
    who,
    requestor,
    network: unknownNetwork,
  });
  return [
    ...people,
    ...(receiver ? [machine(atClient, receiver, receiver === client && !asked)] : []),
    ...(receiver !== client && client ? [machine(coding.application, client, !asked)] : []),
    {
      ...machine(atServer, serverOf(practice), record.actor.type === "system"),
      network: { address: originOf(practice.id), type: "5" },
    },
    ...(record.actor.type === "anonymous" ? [{ type: concept(coding.human), requestor: true }] : []),
  ];
}

const patientReference = ({ patientId }: AuditRecord): Reference | null =>
  patientId ? { reference: `Patient/${patientId}` } : null;

/** What was read or written. A chart that a tablet received or gave back is the patient's, not the tablet's. */
function dataOf({ resource, patientId }: AuditRecord): Reference | null {
  const chart = patientId ? { reference: `Patient/${patientId}` } : null;
  if (!resource || (resource.type === "client" && chart)) return chart;
  return referenceTo(resource);
}

const text = (type: string, value: unknown): Detail[] =>
  value === undefined || value === "" ? [] : [{ type, valueString: String(value) }];

/** What FHIR has no place for: with it, an exported record says everything that the log does. */
function detailsOf(record: AuditRecord): Detail[] {
  const { actor, resource, patientId, changed, waits, ai = {}, search } = record;
  return [
    ...text("hash", record.hash),
    ...text("actor", `${actor.type}${actor.type === "system" && actor.id ? ` ${actor.id}` : ""}`),
    ...text("session", actor.sessionId),
    ...text("token", actor.tokenId),
    ...text("deviceSequence", record.deviceSeq),
    ...(resource?.type === "client" && patientId ? text("client", resource.id) : []),
    ...text("namedPatient", record.namedPatientId),
    ...text("permission", record.permission),
    ...text("route", record.route),
    ...text("changed", changed?.join(" ")),
    ...text("waits", waits?.join(" ")),
    ...text("before", record.before),
    ...text("after", record.after),
    ...text("formerEpoch", record.formerEpoch),
    ...Object.entries(ai).flatMap(([name, value]) => text(`ai.${name}`, value)),
    ...Object.entries(search?.filters ?? {}).flatMap(([name, digest]) => text(`filter.${name}`, digest)),
    ...text("records", search?.records),
    ...text("format", search?.format),
  ];
}

function entitiesOf(record: AuditRecord, data: Reference | null): Entity[] {
  const { seq, requestId, approvalId, breakGlassId } = record;
  const patient = patientReference(record);
  const other = (system: string, id: string | undefined): Entity[] =>
    id ? [{ what: identified(system, id), type: coding.other }] : [];
  return [
    ...(data ? [{ what: data, type: coding.systemObject, role: coding.domainResource }] : []),
    ...(patient ? [{ what: patient, type: coding.person, role: coding.patient }] : []),
    ...(requestId ? [{ what: identified("request", requestId), type: coding.request }] : []),
    { what: identified("audit", String(seq)), type: coding.other, detail: detailsOf(record) },
    ...other("approval", approvalId),
    ...other("break-glass", breakGlassId),
  ];
}

const outcomes = { ok: "0", error: "4", denied: "8" } as const;

/** The profile of BALP whose rules a record keeps; only what succeeded, at somebody's asking, follows one. */
function profileOf(record: AuditRecord, kind: EventKind, data: Reference | null): string | undefined {
  if (record.outcome !== "ok" || !kind.profile || !data) return undefined;
  if (kind === eventKinds.disclosure) return record.patientId && kind.profile.patient;
  if (!clientOf(record)) return undefined;
  return record.patientId ? kind.profile.patient : kind.profile.other;
}

/** A record of the log as a FHIR R4 AuditEvent after IHE Basic Audit Log Patterns. */
export function toAuditEvent(record: AuditRecord, practice: PracticeOfLog): FhirAuditEvent {
  const { action, outcome, reason, occurredAt, breakGlassId, purpose } = record;
  const kind = kindOf(action);
  const data = dataOf(record);
  const profile = profileOf(record, kind, data);
  const purposes = [
    ...(breakGlassId ? [coding.breakGlass] : []),
    ...(kind.purpose ? [kind.purpose] : []),
    ...(purpose ? [own("purpose", purpose)] : []),
  ];
  const words = isAuditAction(action) ? { display: auditActions[action] } : {};
  return {
    resourceType: "AuditEvent",
    id: record.id,
    ...(profile && { meta: { profile: [profile] } }),
    type: kind.type,
    subtype: [...(kind.subtype ? [kind.subtype] : []), { ...own("action", action), ...words }],
    action: kind.action,
    ...(occurredAt && {
      period: {
        extension: [{ url: CLAIMED_TIME, valueBoolean: true }],
        start: occurredAt,
        end: occurredAt,
      },
    }),
    recorded: record.recordedAt,
    outcome: outcomes[outcome],
    ...(reason && { outcomeDesc: reason }),
    ...(purposes.length > 0 && { purposeOfEvent: purposes.map((code) => concept(code)) }),
    agent: agentsOf(record, kind, practice),
    source: { site: practice.name, observer: serverOf(practice), type: [coding.applicationServer] },
    entity: entitiesOf(record, data),
  };
}
