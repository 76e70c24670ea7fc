import { type Check, type Officer, offices, type Standing } from "#domain/set-up/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { readDashboard } from "#server/operations/dashboard.ts";
import type { Practice } from "#server/practice/practice.ts";
import { setUpState } from "./state.ts";

/** Free disk with which a practice begins, in bytes: recordings of some weeks. */
const ENOUGH_DISK = 5 * 1024 ** 3;

const told = (at: string | Date | null): string | null => at && new Date(at).toISOString();

async function newestNamings(em: EntityManager): Promise<Officer[]> {
  const rows: (Omit<Officer, "person" | "namedAt" | "decidedAt"> & {
    person_id: string;
    name: string;
    named_at: string;
    decided_at: string | null;
  })[] = await em.execute(
    `select distinct on (n.office) n.id, n.office, n.person_id, f.name, n.named_at, n.status, n.decided_at, n.words, n.statement
     from officer_naming n join staff f on f.id = n.person_id where n.status <> 'replaced'
     order by n.office, n.named_at desc, n.id desc`,
  );
  return rows.map(({ person_id, name, named_at, decided_at, ...naming }) => ({
    ...naming,
    person: { id: person_id, name },
    namedAt: told(named_at)!,
    decidedAt: told(decided_at),
  }));
}

/** What can be read from the practice as it runs. */
async function checklist(practice: Practice, officers: readonly Officer[]): Promise<Check[]> {
  const { certificateDays, backup, audit, disk } = await readDashboard(practice);
  const accepted = offices.map((office): Check => {
    const officer = officers.find((one) => one.office === office);
    const done = officer?.status === "accepted";
    return {
      name: office === "privacy-officer" ? "privacy_officer_accepted" : "security_officer_accepted",
      done,
      at: done ? officer.decidedAt : null,
      amount: null,
    };
  });
  return [
    ...accepted,
    { name: "certificate_valid", done: (certificateDays ?? 0) > 0, at: null, amount: certificateDays },
    { name: "backup_written", done: backup.writtenAt !== null, at: backup.writtenAt, amount: null },
    { name: "audit_whole", done: audit.whole === true, at: audit.verifiedAt, amount: null },
    { name: "disk_free", done: disk.free >= ENOUGH_DISK, at: null, amount: disk.free },
  ];
}

export async function standingOf(practice: Practice): Promise<Standing> {
  const officers = await newestNamings(practice.database.em.fork());
  return {
    state: await setUpState(practice),
    officers,
    checklist: await checklist(practice, officers),
  };
}
