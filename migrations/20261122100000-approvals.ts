import { Migration } from "@mikro-orm/migrations";

/** Requests that need a second person, one-time passwords, and what devices report of themselves. */
export class Approvals extends Migration {
  override up(): void {
    this.addSql(`
      create table approval(
        id uuid primary key, payload jsonb not null, difference jsonb not null, digest text not null,
        reason text not null, status text not null, requested_by uuid not null references app_user,
        requested_at timestamptz not null, decisions jsonb not null, single_person boolean not null,
        opens_at timestamptz not null, closes_at timestamptz not null, executed_at timestamptz);
      create index approval_open on approval(closes_at) where status in ('requested', 'approved');
      grant select, insert, update on approval to jamemr_app;

      alter table app_user add must_change boolean not null default false;

      create table device_report(
        device_id uuid primary key references device, user_id uuid not null references app_user,
        version text not null, outbox_depth int not null, outbox_oldest_at timestamptz, attention int not null,
        recordings_waiting int not null, storage_persisted boolean not null, storage_used bigint not null,
        storage_quota bigint not null, clock_skew_ms bigint not null, reported_at timestamptz not null);
      grant select, insert, update on device_report to jamemr_app;

      create table audit_verification(
        only_one boolean primary key default true check (only_one), through bigint not null, whole boolean not null,
        fault text, head text not null, verified_at timestamptz not null);
      grant select, insert, update on audit_verification to jamemr_app;`);
  }
}
