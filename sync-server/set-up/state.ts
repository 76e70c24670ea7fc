import type { SetUpState } from "#domain/set-up/index.ts";
import { perPractice } from "#server/practice/per-practice.ts";
import type { Practice } from "#server/practice/practice.ts";

/** A practice that has opened never goes back, so that this is asked no more. */
const opened = perPractice(() => ({ known: false }));

/** Whether patients wait for both officers to accept. A trial practice is never in set-up. */
export async function isInSetUp(practice: Practice): Promise<boolean> {
  if (practice.info.trial) return false;
  const standing = opened(practice);
  if (standing.known) return false;
  const [row]: { open: boolean }[] = await practice.database.em
    .fork()
    .execute("select opened_at is not null as open from practice");
  standing.known = row?.open === true;
  return !standing.known;
}

export async function setUpState(practice: Practice): Promise<SetUpState> {
  if (!(await isInSetUp(practice))) return "open";
  const people: unknown[] = await practice.database.em.fork().execute("select 1 from app_user limit 1");
  return people.length === 0 ? "unentered" : "in_set_up";
}
