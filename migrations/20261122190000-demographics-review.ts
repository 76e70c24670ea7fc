import { Migration } from "@mikro-orm/migrations";

/**
 * Two people changed one field of a patient apart from each other: both values, until somebody decides. Who entered what
 * stands in a field is kept from now on; of the fields of before, nobody knows.
 */
export class DemographicsReview extends Migration {
  override up(): void {
    this.addSql(`
      alter table patient add entered jsonb;

      create table demographics_review(
        id uuid primary key, version int not null default 1,
        patient_id uuid not null references patient, field text not null,
        standing jsonb not null, other jsonb not null,
        decision text check (decision in ('keep', 'take')),
        decided_by uuid references staff, decided_at timestamptz,
        check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null)),
        stream text generated always as ('demographics') stored);
      create index demographics_review_patient on demographics_review(patient_id);
      create constraint trigger zz_sync_mark after insert or update or delete on demographics_review
        deferrable initially deferred for each row execute function sync_mark();
      grant select, insert, update on demographics_review to jamemr_app;`);
  }
}
