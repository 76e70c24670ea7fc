import { can } from "#domain/access/can.ts";
import { fitting } from "#domain/access/fitting.ts";
import { chartWindow, mayOpenChart, patientOfStream, scope } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { type MergeLinks, mergeLinksOf, noLinks, recordsOf } from "#domain/patient/index.ts";
import { type BrokenGlass, brokenGlass, type RestrictedTeam, restrictedAmong } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import { perPractice } from "#server/practice/per-practice.ts";
import type { Practice } from "#server/practice/practice.ts";
import { rowCounts } from "./row-counts.ts";
import { sharedQuestion } from "./shared-question.ts";

type Asked = Parameters<typeof scopeAndLinks>;

/**
 * The streams a person's device may hold at this moment, computed from the database and never from what the device
 * says it holds. `want` adds charts the person opened, when such patients exist and the role may open charts.
 */
export const scopeNow = async (...asked: Asked): Promise<string[]> => (await scopeAndLinks(...asked)).allowed;

/** The same for what a device is to hold: without the charts that are too many for it. */
export async function scopeThatFits(
  ...asked: Asked
): Promise<{ readonly streams: readonly string[]; readonly left: number; readonly glass: Glass }> {
  const [practice, , , em] = asked;
  const { allowed, links, glass } = await scopeAndLinks(...asked);
  const counts = await rowCounts(practice).of(em, allowed);
  const streams = fitting(allowed, {
    rowsIn: (stream) => counts.get(stream) ?? 0,
    links,
    most: practice.config.JAMEMR_DEVICE_ROWS,
  });
  return { streams, left: allowed.length - streams.length, glass };
}

/** By patients: the break-glass access without which their charts would be shut to who asks. */
type Glass = ReadonlyMap<string, string>;
const noGlass: Glass = new Map();

async function scopeAndLinks(
  practice: Practice,
  principal: Principal,
  want: readonly string[],
  em: EntityManager,
): Promise<{ readonly allowed: string[]; readonly links: MergeLinks; readonly glass: Glass }> {
  const { actor, session } = principal;
  if (actor.type !== "user" || !session) throw new DomainError("forbidden");
  const own = { userId: actor.id, role: actor.role, deviceId: session.deviceId };
  if (!can(actor, "chart:open").allowed)
    return {
      allowed: scope({
        ...own,
        todayPatientIds: [],
        seenPatientIds: [],
        openedPatientIds: [],
        restricted: new Map(),
        brokenGlassPatientIds: [],
      }),
      links: noLinks,
      glass: noGlass,
    };
  const [{ todayPatientIds, seenPatientIds, links, teams }, opened, broken] = await Promise.all([
    chartFacts(practice)(),
    knownPatients(em, want),
    brokenGlass(em, { ...own, id: own.userId }),
  ]);
  const openedPatientIds = whole(links, opened);
  const glass = glassOf(links, broken);
  const brokenGlassPatientIds = [...glass.keys()];
  const restricted = restrictedAmong(
    [...brokenGlassPatientIds, ...seenPatientIds, ...openedPatientIds],
    links,
    teams,
  );
  for (const id of brokenGlassPatientIds) if (mayOpenChart(own.userId, restricted.get(id))) glass.delete(id);
  const facts = { todayPatientIds, seenPatientIds, openedPatientIds, restricted, brokenGlassPatientIds };
  return { allowed: scope({ ...own, ...facts }), links, glass };
}

/** Of each record of the person whose glass was broken. */
function glassOf(links: MergeLinks, broken: readonly BrokenGlass[]): Map<string, string> {
  return new Map(
    broken
      .toReversed()
      .flatMap(({ id, patientId }) => whole(links, [patientId]).map((record) => [record, id] as const)),
  );
}

/** A chart of several records comes whole: the parts of a merged one are useless, and dangerous, without each other. */
const whole = (links: MergeLinks, ids: readonly string[]): readonly string[] => [
  ...new Set(ids.flatMap((id) => recordsOf(links, id))),
];

/** Which of the charts that somebody asks for are those of patients. */
async function knownPatients(em: EntityManager, want: readonly string[]): Promise<readonly string[]> {
  const wanted = want.map(patientOfStream).filter((id) => id !== null && idSchema.safeParse(id).success);
  if (wanted.length === 0) return [];
  const rows: { id: string }[] = await em.execute("select id from patient where id = any(?::uuid[])", [
    `{${wanted.join(",")}}`,
  ]);
  const known = new Set(rows.map(({ id }) => id));
  return wanted.flatMap((id) => (id !== null && known.has(id) ? [id] : []));
}

/** What decides about everybody's charts. */
interface ChartFacts {
  readonly todayPatientIds: readonly string[];
  readonly seenPatientIds: readonly string[];
  readonly links: MergeLinks;
  readonly teams: readonly RestrictedTeam[];
}

const chartFacts = perPractice((practice) => sharedQuestion(() => askChartFacts(practice)));

async function askChartFacts({ database, info: { zone } }: Practice): Promise<ChartFacts> {
  const today = dateIn(zone);
  const begins = instantIn(zone, today, "00:00");
  const [facts]: {
    today: string[];
    seen: string[];
    merged: { id: string; mergedInto: string }[];
    teams: RestrictedTeam[];
  }[] = await database.em.fork().execute(
    `with visit as (
       select patient_id, bool_or(start >= ? and start < ?) as today,
         min(case when start >= ? then start - ?::timestamptz else ?::timestamptz - start + interval '1 year' end) as distance
       from appointment where start >= ? and start < ? and status not in ('cancelled', 'no-show')
       group by patient_id)
     select
       (select coalesce(json_agg(patient_id order by distance), '[]') from visit where today) as today,
       (select coalesce(json_agg(patient_id order by distance), '[]') from visit) as seen,
       (select coalesce(json_agg(json_build_object('id', id, 'mergedInto', merged_into)), '[]')
        from patient where merged_into is not null) as merged,
       (select coalesce(json_agg(json_build_object('patientId', patient_id, 'memberIds', member_ids)), '[]')
        from care_team where restricted) as teams`,
    [
      begins,
      instantIn(zone, addDays(today, 1), "00:00"),
      begins,
      begins,
      begins,
      instantIn(zone, addDays(today, -chartWindow.before), "00:00"),
      instantIn(zone, addDays(today, chartWindow.after + 1), "00:00"),
    ],
  );
  const { seen, merged, teams } = facts!;
  const links = mergeLinksOf(merged);
  return { todayPatientIds: whole(links, facts!.today), seenPatientIds: whole(links, seen), links, teams };
}
