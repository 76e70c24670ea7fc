import type { RecordCounts } from "#domain/approval/index.ts";
import type { EntityManager } from "#server/database/database.ts";

const administrative = { appointments: ["appointment"], visits: ["encounter"], "wait-list": ["wait_list"] };
/** What a chart is made of. The desk and the administrator learn one number for all of it. */
const clinical = [
  "note",
  "addendum",
  "problem",
  "allergy",
  "medication",
  "immunization",
  "vitals",
  "alert",
  "none_known",
  "recording",
  "transcript",
];

const rowsOf = (tables: readonly string[]): string =>
  tables.map((table) => `(select count(*) from ${table} where patient_id = w.id)`).join(" + ");
/** Tasks and messages are the desk's or the chart's. */
const work = (kind: "administrative" | "clinical"): string =>
  ["task", "message"]
    .map((table) => `(select count(*) from ${table} where patient_id = w.id and kind = '${kind}')`)
    .join(" + ");

const counting = `
  select ${rowsOf(administrative.appointments)} as appointments, ${rowsOf(administrative.visits)} as visits,
    ${rowsOf(administrative["wait-list"])} as "wait-list", ${work("administrative")} as tasks,
    ${rowsOf(clinical)} + ${work("clinical")} as chart
  from (select ?::uuid as id) w`;

/** How much stands in one record itself, by kind. */
export async function countRecords(em: EntityManager, patientId: string): Promise<RecordCounts> {
  const [row]: [Record<keyof RecordCounts, string>] = await em.execute(counting, [patientId]);
  return Object.fromEntries(
    Object.entries(row).map(([kind, count]) => [kind, Number(count)]),
  ) as RecordCounts;
}
