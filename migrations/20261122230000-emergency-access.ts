import { Migration } from "@mikro-orm/migrations";

/** Reading without the clinic after the offline time had ended (C23), as the devices reported it, and its review. */
export class EmergencyAccess extends Migration {
  override up(): void {
    this.addSql(`
      create table emergency_access(
        id uuid primary key, version int not null default 1,
        user_id uuid not null references staff, device_id uuid not null, role text not null,
        reason text not null, begun_at timestamptz not null, until timestamptz not null,
        reviewed_by uuid references staff, reviewed_at timestamptz, review_note text not null default '',
        check ((reviewed_by is null) = (reviewed_at is null)), check (reviewed_by <> user_id),
        stream text generated always as (null) stored);
      create index emergency_access_waiting on emergency_access(begun_at) where reviewed_at is null;
      grant select, insert, update on emergency_access to jamemr_app;`);
  }
}
