import { Migration } from "@mikro-orm/migrations";

/** Rooms, visit types, patients, schedule, encounters, notes, recordings and transcripts. */
export class Clinic extends Migration {
  override up(): void {
    this.addSql(administrative);
    this.addSql(notes);
    this.addSql(recordings);
    for (const table of [
      "room",
      "visit_type",
      "patient",
      "appointment",
      "encounter",
      "note",
      "recording",
      "transcript",
    ]) {
      this.addSql(`create constraint trigger zz_sync_mark after insert or update or delete on ${table}
        deferrable initially deferred for each row execute function sync_mark()`);
      this.addSql(`grant select, insert, update on ${table} to jamemr_app`);
    }
    this.addSql(`
      grant select, insert on note_revision to jamemr_app;
      grant select, insert, update on recording_part, ai_node, ai_claim to jamemr_app;
      grant usage on sequence patient_record_number to jamemr_app;
      create schema pgboss; grant usage, create on schema pgboss to jamemr_app;`);
    this.addSql(immutability);
  }
}

const administrative = `
  create table room(
    id uuid primary key, version int not null default 1, name text not null, active boolean not null,
    stream text generated always as ('directory') stored);

  create table visit_type(
    id uuid primary key, version int not null default 1, name text not null, minutes int not null, active boolean not null,
    stream text generated always as ('directory') stored);

  create sequence patient_record_number;
  create table patient(
    id uuid primary key, version int not null default 1, record_number text unique,
    given_name text not null, family_name text not null, preferred_name text not null,
    birth_date date not null, sex text not null, phone text not null, active boolean not null,
    stream text generated always as ('demographics') stored);

  create table appointment(
    id uuid primary key, version int not null default 1,
    patient_id uuid not null references patient, clinician_id uuid not null references staff,
    visit_type_id uuid not null references visit_type,
    start timestamptz not null, minutes int not null check (minutes between 5 and 60), lane int not null,
    status text not null, reason text not null, trail jsonb not null,
    stream text generated always as ('schedule') stored,
    constraint appointment_no_overlap exclude using gist (
      clinician_id with =, lane with =,
      tsrange(start at time zone 'UTC', (start at time zone 'UTC') + make_interval(mins => minutes)) with &&)
      where (status not in ('cancelled', 'no-show')));
  create index appointment_start on appointment(start);
  create index appointment_patient on appointment(patient_id);

  create table encounter(
    id uuid primary key, version int not null default 1,
    appointment_id uuid not null unique references appointment, patient_id uuid not null references patient,
    clinician_id uuid not null references staff, status text not null,
    started_at timestamptz not null, finished_at timestamptz,
    stream text generated always as ('schedule') stored);`;

const notes = `
  create table note(
    id uuid primary key, version int not null default 1,
    encounter_id uuid not null unique references encounter, patient_id uuid not null references patient,
    author_id uuid not null references staff, status text not null check (status in ('draft','signed')),
    content jsonb not null, section_revisions jsonb not null, revision_id uuid not null, revision_hash text not null,
    alternatives jsonb not null, signature jsonb, updated_at timestamptz not null,
    stream text generated always as ('chart:' || uuid_str(patient_id)) stored,
    check ((status = 'signed') = (signature is not null)));

  create table note_revision(
    id uuid primary key, note_id uuid not null references note, base uuid references note_revision,
    author_id uuid not null references staff, at timestamptz not null,
    content jsonb not null, changed text[] not null, hash text not null);
  create index note_revision_note on note_revision(note_id);`;

const recordings = `
  create table recording(
    id uuid primary key, version int not null default 1,
    encounter_id uuid not null references encounter, patient_id uuid not null references patient,
    clinician_id uuid not null references staff, status text not null,
    consent jsonb not null, started_at timestamptz not null, ended_at timestamptz,
    parts jsonb not null, gaps jsonb not null, sha256 text, progress double precision not null, failure text,
    sealed_key text not null, device_id uuid not null,
    stream text generated always as ('chart:' || uuid_str(patient_id)) stored);

  create table recording_part(
    recording_id uuid not null references recording, part int not null,
    bytes bigint not null, sealed_bytes bigint not null, sha256 text not null, stored_at timestamptz not null,
    primary key(recording_id, part));

  create table transcript(
    id uuid primary key, version int not null default 1,
    recording_id uuid not null unique references recording, encounter_id uuid not null references encounter,
    patient_id uuid not null references patient,
    sealed bytea not null, model jsonb not null,
    audio_seconds double precision not null, wall_seconds double precision not null, created_at timestamptz not null,
    stream text generated always as ('chart:' || uuid_str(patient_id)) stored);

  create table ai_node(
    id uuid primary key, token_id uuid not null references token, name text not null, version text not null,
    device text not null, models jsonb not null, last_heartbeat_at timestamptz not null);

  create table ai_claim(
    job_id uuid primary key, token_id uuid not null references token, claimed_at timestamptz not null);`;

const immutability = `
  create function note_signed_frozen() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then raise exception 'notes are never deleted' using errcode = 'JE005'; end if;
    if old.status = 'signed' and (
      new.status, new.content, new.signature, new.revision_id, new.revision_hash, new.patient_id, new.encounter_id, new.author_id)
      is distinct from (
      old.status, old.content, old.signature, old.revision_id, old.revision_hash, old.patient_id, old.encounter_id, old.author_id)
    then raise exception 'a signed note never changes' using errcode = 'JE005'; end if;
    return new;
  end $$;
  create trigger note_signed_frozen before update or delete on note for each row execute function note_signed_frozen();

  create function note_revision_frozen() returns trigger language plpgsql as $$
  begin raise exception 'note revisions are append-only' using errcode = 'JE005'; end $$;
  create trigger note_revision_frozen before update or delete on note_revision
    for each row execute function note_revision_frozen();`;
