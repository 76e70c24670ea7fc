import { Migration } from "@mikro-orm/migrations";

/**
 * What was written or said on a tablet after its offline time had ended (C23): unassigned in `intake` until somebody
 * matches it to a patient. Its sound lies under a key of its own until it belongs to a visit, whose recording it then is.
 */
export class Capture extends Migration {
  override up(): void {
    this.addSql(`
      create table capture(
        id uuid primary key, version int not null default 1,
        author_id uuid not null references staff, role text not null,
        label text not null, text text not null, sound jsonb,
        written_at timestamptz not null, changed_at timestamptz not null,
        status text not null check (status in ('waiting', 'matched', 'discarded')),
        patient_id uuid references patient, encounter_id uuid references encounter,
        decided_by uuid references staff, decided_at timestamptz, reason text not null,
        device_id uuid not null, sound_id uuid unique, sealed_key text,
        check ((sound is null) = (sealed_key is null) and (sound is null) = (sound_id is null)),
        check ((status = 'matched') = (patient_id is not null)),
        check (encounter_id is null or patient_id is not null),
        check ((status = 'waiting') = (decided_by is null) and (status = 'waiting') = (decided_at is null)),
        stream text generated always as (case status when 'waiting' then 'intake'
          when 'matched' then 'chart:' || uuid_str(patient_id) end) stored);
      create constraint trigger zz_sync_mark after insert or update or delete on capture
        deferrable initially deferred for each row execute function sync_mark();
      create index capture_patient on capture(patient_id) where patient_id is not null;
      grant select, insert, update on capture to jamemr_app;

      create table capture_part(
        sound_id uuid not null references capture(sound_id), part int not null,
        bytes bigint not null, sealed_bytes bigint not null, sha256 text not null, stored_at timestamptz not null,
        primary key(sound_id, part));
      grant select, insert, delete on capture_part to jamemr_app;`);
  }
}
