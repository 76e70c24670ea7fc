import { mergeLinksOf, survivorOf } from "#domain/patient/index.ts";
import { openJson, sealJson } from "../keys/aes.ts";
import type { Keyring } from "../keys/keyring.ts";
import type { HotRecord, LocalDatabase } from "./database.ts";
import { type ConfirmedRow, ROW_SCHEMA } from "./rows.ts";

/** Milliseconds on both sides of now whose appointments go into the block: Friday evening still has Monday. */
const BEHIND = 18 * 3_600_000;
const AHEAD = 72 * 3_600_000;

const hotContext = (user: string, schema = ROW_SCHEMA) => `hot|${user}|${schema}`;

/**
 * The rows that Today needs: near appointments with their patients and encounters, and the small directory.
 * @param all every confirmed row of schedule, demographics and directory
 */
export function hotRows(all: Iterable<ConfirmedRow>, at: number): ConfirmedRow[] {
  const rows = [...all];
  const near = rows.filter(({ collection, data }) => {
    if (collection !== "appointment") return false;
    const start = Date.parse(String(data.start));
    return start > at - BEHIND && start < at + AHEAD;
  });
  const appointments = new Set(near.map(({ id }) => id));
  const patients = withSurvivors(
    rows,
    near.map(({ data }) => String(data.patientId)),
  );
  return rows.filter(({ collection, id, data }) => {
    if (collection === "appointment") return appointments.has(id);
    if (collection === "patient") return patients.has(id);
    if (collection === "encounter") return appointments.has(String(data.appointmentId));
    return collection === "staff" || collection === "room" || collection === "visit-type";
  });
}

/** Patients with the records that those who were merged point to. */
function withSurvivors(rows: readonly ConfirmedRow[], ids: readonly string[]): ReadonlySet<string> {
  const links = mergeLinksOf(
    rows
      .filter(({ collection }) => collection === "patient")
      .map(({ id, data }) => ({
        id,
        mergedInto: typeof data.mergedInto === "string" ? data.mergedInto : null,
      })),
  );
  return new Set([...ids, ...ids.map((id) => survivorOf(links, id))]);
}

export async function sealHot(
  keyring: Keyring,
  rows: readonly ConfirmedRow[],
  schema?: number,
): Promise<HotRecord> {
  return {
    user: keyring.userId,
    ...(await sealJson(keyring.root, rows, hotContext(keyring.userId, schema))),
  };
}

/** A block that does not open is no block: the rows it was made of follow. */
export async function loadHot(database: LocalDatabase, keyring: Keyring): Promise<readonly ConfirmedRow[]> {
  const record = await database.hot.get(keyring.userId);
  if (!record) return [];
  return openJson<ConfirmedRow[]>(keyring.root, record, hotContext(keyring.userId)).catch(() => []);
}
