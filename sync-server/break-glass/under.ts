import type { UnderGlass } from "#domain/break-glass/index.ts";
import type { EntityManager } from "#server/database/database.ts";

/** Of the access itself: not what was done under it. */
const ownActions = ["break-glass.begun", "break-glass.ended", "break-glass.reviewed"];

/** What the log holds under each of these: what was done, how often, and when first, by the server's clock. */
export async function doneUnder(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly UnderGlass[]>> {
  if (ids.length === 0) return new Map();
  const rows: { id: string; action: string; at: string; count: number }[] = await em.execute(
    `select (body::jsonb)->>'breakGlassId' as id, (body::jsonb)->>'action' as action,
       min((body::jsonb)->>'recordedAt') as at, count(*)::int as count
     from audit_log
     where (body::jsonb)->>'breakGlassId' = any(?::text[]) and (body::jsonb)->>'outcome' = 'ok'
       and not (body::jsonb)->>'action' = any(?::text[])
     group by 1, 2 order by min(seq)`,
    [`{${ids.join(",")}}`, `{${ownActions.join(",")}}`],
  );
  return Map.groupBy(rows, ({ id }) => id);
}
