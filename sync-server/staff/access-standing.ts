import type { AccessEndReason, AccessStanding } from "#domain/access/access-end.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { countStanding } from "#server/approval/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { heldOnDevices } from "#server/device/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { leasesOfPerson } from "#server/slot-lease/index.ts";

interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly suffix: string;
  readonly at: string | Date | null;
  readonly by: string | null;
  readonly reason: AccessEndReason | null;
}

type Counts = Pick<
  AccessStanding,
  "sessions" | "openedCharts" | "unsignedNotes" | "openVisits" | "appointments" | "captures"
> & { readonly administrative: number; readonly clinical: number };

const countsSql = `
  select (select count(*)::int from session where user_id = w.id and ended_at is null and expires_at > w.at) as sessions,
    (select count(*)::int from break_glass where user_id = w.id and ended_at is null and until > w.at) as "openedCharts",
    (select count(*)::int from note where author_id = w.id and status = 'draft') as "unsignedNotes",
    (select count(*)::int from encounter where clinician_id = w.id and status = 'in-progress') as "openVisits",
    (select count(*)::int from appointment where clinician_id = w.id and start > w.at
       and status not in ('cancelled', 'no-show', 'done')) as appointments,
    (select count(*)::int from capture where author_id = w.id and status = 'waiting') as captures,
    (select count(*)::int from task where assignee_id = w.id and status = 'open' and kind = 'administrative')
      as administrative,
    (select count(*)::int from task where assignee_id = w.id and status = 'open' and kind = 'clinical') as clinical
  from (select ?::uuid as id, ?::timestamptz as at) w`;

/**
 * What hangs on somebody's access, and after it has ended what is left of it: numbers and times, read at this moment.
 * @throws {DomainError} not_found
 */
export async function accessStanding(
  { database }: Practice,
  userId: string,
  askingDevice: string | undefined,
): Promise<AccessStanding> {
  const em = database.em.fork();
  const person = await findPerson(em, userId);
  const at = person.at === null ? null : new Date(person.at).toISOString();
  const [counts]: Counts[] = await em.execute(countsSql, [userId, instantNow()]);
  const { administrative, clinical, ...rest } = counts!;
  return {
    person: { id: person.id, name: person.name, suffix: person.suffix },
    ended: at === null ? null : { at, by: person.by, reason: person.reason },
    ...rest,
    tasks: { administrative, clinical },
    ...(await countStanding(em, userId)),
    tokens: await em.execute(
      `select id, purpose from token where owner_id = ? and revoked_at is null and expires_at > ? order by purpose, id`,
      [userId, instantNow()],
    ),
    heldTimes: (await leasesOfPerson({ em }, userId)).length,
    devices: await heldOnDevices(em, { userId, endedAt: at, askingDevice }),
  };
}

async function findPerson(em: EntityManager, userId: string): Promise<PersonRow> {
  const [person]: PersonRow[] = await em.execute(
    `select u.id, f.name, f.suffix, u.disabled_at as at, b.name as by, u.disabled_reason as reason
     from app_user u join staff f on f.id = u.id left join staff b on b.id = u.disabled_by where u.id = ?`,
    [userId],
  );
  if (!person) throw new DomainError("not_found");
  return person;
}
