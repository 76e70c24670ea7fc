import { Migration } from "@mikro-orm/migrations";

/** Two records of one patient: the link, the request that waits, and what each record held when they were merged. */
export class Merge extends Migration {
  override up(): void {
    this.addSql(`
      alter table patient
        add merged_at timestamptz, add merge_pending jsonb,
        add constraint patient_not_itself check (merged_into is distinct from id);
      create index patient_merged on patient(merged_into) where merged_into is not null;

      create table patient_merge(
        approval_id uuid primary key references approval,
        merged_id uuid not null references patient, kept_id uuid not null references patient,
        merged_at timestamptz not null, counts jsonb not null,
        parted_at timestamptz, parted_by uuid references approval, counts_when_parted jsonb);
      create unique index patient_merge_standing on patient_merge(merged_id) where parted_at is null;
      grant select, insert, update on patient_merge to jamemr_app;

      -- A merged record's card leaves every tablet: what it said stands on the survivor's.
      alter table safety_card drop column stream;
      alter table safety_card add merged boolean not null default false, add stream text generated always as (
        case when merged then null when restricted then 'chart:' || uuid_str(patient_id) else 'safety' end) stored;`);
  }
}
