import { Migration } from "@mikro-orm/migrations";

/**
 * Free times that a desk's device may promise while it cannot ask the clinic, and the task that a promise becomes which
 * the clinic could not keep.
 */
export class SlotLease extends Migration {
  override up(): void {
    this.addSql(`
      create table slot_lease(
        id uuid primary key, version int not null default 1,
        clinician_id uuid not null references staff,
        start timestamptz not null, minutes int not null check (minutes between 5 and 60), lane int not null,
        device_id uuid not null references device, until timestamptz not null,
        status text not null check (status in ('held', 'used', 'ended')),
        stream text generated always as (case status when 'held' then 'schedule' end) stored,
        constraint slot_lease_no_overlap exclude using gist (
          clinician_id with =, lane with =,
          tsrange(start at time zone 'UTC', (start at time zone 'UTC') + make_interval(mins => minutes)) with &&)
          where (status = 'held'));
      create index slot_lease_held on slot_lease(clinician_id, start) where status = 'held';
      create constraint trigger zz_sync_mark after insert or update or delete on slot_lease
        deferrable initially deferred for each row execute function sync_mark();
      grant select, insert, update on slot_lease to jamemr_app;

      alter table task add call_back jsonb;
      create index task_call_back on task((call_back->>'appointmentId')) where status = 'open';`);
  }
}
