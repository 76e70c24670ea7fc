import { Migration } from "@mikro-orm/migrations";

/** What somebody sent, in the sender's own stream. Messages of before have no copy: no release ever sent one. */
export class SentMessage extends Migration {
  override up(): void {
    this.addSql(`
      create table sent_message(
        id uuid primary key, version int not null default 1,
        message_id uuid not null unique references message, kind text not null,
        from_id uuid not null references staff, to_id uuid references staff, pool text,
        patient_id uuid references patient, text text not null, sent_at timestamptz not null,
        read_by uuid references staff, read_at timestamptz,
        stream text generated always as
          ('tasks:' || uuid_str(from_id) || case kind when 'clinical' then ':clinical' else '' end) stored);
      create constraint trigger zz_sync_mark after insert or update or delete on sent_message
        deferrable initially deferred for each row execute function sync_mark();
      grant select, insert, update on sent_message to jamemr_app;`);
  }
}
