import { Migration } from "@mikro-orm/migrations";

/** Restricted charts that somebody outside the care team opened for a while (C16), and the review of each. */
export class BreakGlass extends Migration {
  override up(): void {
    this.addSql(`
      create table break_glass(
        id uuid primary key, version int not null default 1,
        patient_id uuid not null references patient, user_id uuid not null references staff,
        device_id uuid not null references device, role text not null, reason text not null, words text not null,
        begun_at timestamptz not null, until timestamptz not null, ended_at timestamptz,
        reviewed_by uuid references staff, reviewed_at timestamptz, outcome text,
        review_note text not null default '',
        check (until > begun_at and until <= begun_at + interval '60 minutes'),
        check ((reviewed_by is null) = (reviewed_at is null)), check ((reviewed_by is null) = (outcome is null)),
        check (reviewed_by <> user_id),
        stream text generated always as
          (case when ended_at is null then 'tasks:' || uuid_str(user_id) || ':clinical' end) stored);
      create index break_glass_running on break_glass(user_id) where ended_at is null;
      create index break_glass_waiting on break_glass(begun_at) where reviewed_at is null;
      create index break_glass_reader on break_glass(user_id, patient_id, begun_at);
      create index audit_log_break_glass on audit_log(((body::jsonb)->>'breakGlassId'), seq)
        where ((body::jsonb)->>'breakGlassId') is not null;
      create constraint trigger zz_sync_mark after insert or update or delete on break_glass
        deferrable initially deferred for each row execute function sync_mark();
      create trigger review_news after insert or update on break_glass
        for each statement execute function review_news();
      grant select, insert, update on break_glass to jamemr_app;`);
  }
}
