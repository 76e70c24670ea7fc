import type pg from "pg";
import { patientOfStream, streams as streamNames } from "#domain/access/scope.ts";
import { chartsOf } from "#pwa/local/storage/charts.ts";
import { refusedWithin } from "#pwa/local/storage/no-room.ts";
import type { Play } from "../play.ts";
import type { PlayedTablet } from "../tablet.ts";

/** Milliseconds after a refused write for which a tablet may leave at the clinic what it has put away. */
const REFUSED_LATELY = 6 * 3_600_000;

/** I1 for streams that a tablet should hold and does not: the only charts it may lack are those that do not fit. */
export async function judgeMissing(
  play: Play,
  client: pg.Client,
  tablet: PlayedTablet,
  { missing, held }: { readonly missing: readonly string[]; readonly held: readonly string[] },
): Promise<void> {
  const { witness } = play;
  const away = new Set(chartsOf(tablet.local).away.map(streamNames.chart));
  const mayStayAway = refusedWithin(tablet.local, REFUSED_LATELY);
  const left = tablet.local.replica()?.left ?? 0;
  if (left > 0) play.counts.F27++;
  const unexplained: string[] = [];
  for (const stream of missing) {
    if (away.has(stream) && mayStayAway) continue;
    const mayBeLeft = play.plan.deviceRows !== null && patientOfStream(stream) !== null;
    if (!mayBeLeft || away.has(stream))
      witness.violated("I1", `tablet ${tablet.index} does not hold ${stream}`);
    else unexplained.push(stream);
  }
  if (play.plan.deviceRows === null) return;
  if (left < unexplained.length)
    witness.violated(
      "I1",
      `tablet ${tablet.index} knows of ${left} charts left, not of ${unexplained.length}`,
    );
  await judgeFitting(play, client, tablet, { left: unexplained, held, most: play.plan.deviceRows });
}

interface Kept {
  readonly left: readonly string[];
  readonly held: readonly string[];
  readonly most: number;
}

/** A device holds no more records than it keeps, no fewer than fit, and those of today before others. */
async function judgeFitting(play: Play, client: pg.Client, tablet: PlayedTablet, { left, held, most }: Kept) {
  const { witness } = play;
  const rows = await rowsOf(client);
  const sum = (some: readonly string[]) =>
    some
      .filter((stream) => stream !== streamNames.safety && stream !== streamNames.demographics)
      .reduce((total, stream) => total + (rows.get(stream) ?? 0), 0);
  const isChart = (stream: string) => patientOfStream(stream) !== null;
  if (held.some(isChart) && sum(held) > most)
    witness.violated("I1", `tablet ${tablet.index} holds ${sum(held)} records and keeps ${most}`);
  if (left.length === 0) return;
  if (sum(held) + sum(left) <= most)
    witness.violated("I1", `tablet ${tablet.index} lacks ${left.length} charts that fit`);
  const today = await chartsOfToday(client, play.clock.now);
  const first = left.find((stream) => today?.has(stream));
  const later = held.find((stream) => isChart(stream) && !today?.has(stream));
  if (today && first && later)
    witness.violated("I1", `tablet ${tablet.index} holds ${later} and not today's ${first}`);
}

async function rowsOf(client: pg.Client): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ stream: string; rows: number }>(
    "select stream, count(*)::int as rows from sync_row where op = 'put' group by stream",
  );
  return new Map(rows.map((row) => [row.stream, row.rows]));
}

/** Null where records of one person were merged: they come and stay together, whenever the visit is. */
async function chartsOfToday(client: pg.Client, now: number): Promise<ReadonlySet<string> | null> {
  const merged = await client.query("select from patient where merged_into is not null limit 1");
  if (merged.rows.length > 0) return null;
  const { rows } = await client.query<{ id: string }>(
    `select distinct patient_id as id from appointment where status not in ('cancelled', 'no-show')
     and (start at time zone 'America/New_York')::date = ($1::timestamptz at time zone 'America/New_York')::date`,
    [new Date(now)],
  );
  return new Set(rows.map(({ id }) => streamNames.chart(id)));
}
