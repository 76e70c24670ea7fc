import { Migration } from "@mikro-orm/migrations";

/**
 * Work that waits for review is announced on its patient's chart until somebody decides, and says who decided why. Items
 * of before are in the list and not announced: no release ever had one.
 */
export class Review extends Migration {
  override up(): void {
    this.addSql(`
      alter table quarantine
        add version int not null default 1,
        add written_at timestamptz,
        add announced boolean not null default false,
        add decision_reason bytea;
      update quarantine set written_at = received_at;
      alter table quarantine
        alter written_at set not null,
        add stream text generated always as
          (case when announced and decided_at is null then 'chart:' || uuid_str(patient_id) end) stored;
      create index quarantine_waiting on quarantine(received_at) where decided_at is null;
      create constraint trigger zz_sync_mark after insert or update or delete on quarantine
        deferrable initially deferred for each row execute function sync_mark();`);
  }
}
