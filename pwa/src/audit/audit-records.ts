import * as z from "zod";
import { roles } from "#domain/access/roles.ts";
import { addDays, instantIn } from "#domain/kernel/instant.ts";
import { ask, file } from "#pwa/local/index.ts";

const recordSchema = z.looseObject({
  seq: z.int(),
  recordedAt: z.string(),
  occurredAt: z.string().optional(),
  action: z.string(),
  outcome: z.enum(["ok", "denied", "error"]),
  reason: z.string().optional(),
  permission: z.string().optional(),
  actor: z.looseObject({
    type: z.string(),
    id: z.string().nullable(),
    role: z.enum(roles).optional(),
    deviceId: z.string().optional(),
  }),
  onBehalfOf: z.string().optional(),
  patientId: z.string().optional(),
  namedPatientId: z.string().optional(),
  resource: z.looseObject({ type: z.string(), id: z.string() }).optional(),
});
const answerSchema = z.object({
  records: z.array(recordSchema),
  next: z.int().optional(),
  names: z.record(z.string(), z.string()),
});
export type AuditAnswer = z.infer<typeof answerSchema>;
export type AuditRecord = z.infer<typeof recordSchema>;
export type Names = Readonly<Record<string, string>>;

export interface Filter {
  /** Whoever did it or wrote it. */
  readonly person: string;
  readonly patient: string;
  /** An action, or {@link looked}. */
  readonly action: string;
  readonly outcome: "" | "ok" | "denied" | "error";
  /** Days of the practice, first and last; empty means open. */
  readonly from: string;
  readonly to: string;
}

/** Who looked: opening a chart and having it on a tablet are different things, and both are shown (C27). */
export const looked = "chart.opened,chart.replicated,recording.listened";

/** Milliseconds between what a device says and what the server wrote, from which on both are shown. */
const LATER = 2000;

/** What waited in an outbox has two times: the device's, which is a claim, and the server's. */
export const isLater = ({ occurredAt, recordedAt }: AuditRecord): boolean =>
  occurredAt !== undefined && Math.abs(Date.parse(recordedAt) - Date.parse(occurredAt)) > LATER;

/** Whose doing it was: what a device delivers for somebody who is locked out is still that person's. */
export const personOf = ({ actor, onBehalfOf }: AuditRecord): string | null => onBehalfOf ?? actor.id;

/** Who carried it out, and the author where somebody took over what another wrote. */
export function actorOf(record: AuditRecord): { readonly id: string | null; readonly author: string | null } {
  const { actor, onBehalfOf } = record;
  if (actor.type === "user" && onBehalfOf) return { id: actor.id, author: onBehalfOf };
  return { id: personOf(record), author: null };
}

function queryOf(filter: Filter, zone: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ["person", "patient", "action", "outcome"] as const)
    if (filter[name]) query.set(name, filter[name]);
  if (filter.from) query.set("from", instantIn(zone, filter.from, "00:00"));
  if (filter.to) query.set("to", instantIn(zone, addDays(filter.to, 1), "00:00"));
  return query;
}

export function fetchPage(
  filter: Filter,
  zone: string,
  before?: number,
): Promise<z.infer<typeof answerSchema>> {
  const query = queryOf(filter, zone);
  query.set("limit", "50");
  if (before) query.set("before", String(before));
  return ask(`/api/audit?${query}`, { answer: answerSchema });
}

export const fileFormats = { csv: "text/csv", ndjson: "application/x-ndjson" } as const;
export type FileFormat = keyof typeof fileFormats;

/** Every record that matches, as a file. */
export function fetchFile(filter: Filter, zone: string, format: FileFormat): Promise<Blob> {
  const query = queryOf(filter, zone);
  query.set("format", format);
  return file(`/api/audit/export?${query}`, fileFormats[format]);
}

/** What `useAnswer` asks for all looks at one chart that one page holds. */
export const lookedAt = (patientId: string) => ({
  address: `/api/audit?${new URLSearchParams({ limit: "1000", patient: patientId, action: looked, outcome: "ok" })}`,
  answer: answerSchema,
});
