import { Migration } from "@mikro-orm/migrations";

/** Working hours, wait list, clinical facts, safety cards, care teams, tasks and messages; more of patients and notes. */
export class Chart extends Migration {
  override up(): void {
    this.addSql(demographics);
    this.addSql(schedule);
    this.addSql(notes);
    this.addSql(facts);
    this.addSql(cards);
    this.addSql(work);
    this.addSql(history);
    for (const table of [
      "working_hours",
      "wait_list",
      "addendum",
      "problem",
      "allergy",
      "medication",
      "immunization",
      "vitals",
      "alert",
      "none_known",
      "safety_card",
      "care_team",
      "task",
      "message",
    ]) {
      this.addSql(`create constraint trigger zz_sync_mark after insert or update or delete on ${table}
        deferrable initially deferred for each row execute function sync_mark()`);
      this.addSql(`grant select, insert, update on ${table} to jamemr_app`);
    }
  }
}

const demographics = `
  alter table patient
    add gender text not null default '', add pronouns text not null default '',
    add language text not null default 'en', add interpreter boolean not null default false,
    add email text not null default '', add address text not null default '',
    add contacts jsonb not null default '[]', add deceased_on date, add merged_into uuid references patient;`;

const schedule = `
  alter table appointment
    add room_id uuid references room, add walk_in boolean not null default false,
    add overbook_reason text not null default '', add cancel_reason text not null default '';

  create table working_hours(
    id uuid primary key, version int not null default 1,
    clinician_id uuid not null references staff, weekday int not null check (weekday between 1 and 7),
    spans jsonb not null, capacity int not null check (capacity between 1 and 4),
    stream text generated always as ('directory') stored, unique (clinician_id, weekday));

  create table wait_list(
    id uuid primary key, version int not null default 1,
    patient_id uuid not null references patient, clinician_id uuid references staff,
    visit_type_id uuid not null references visit_type, "from" date not null, until date not null, note text not null,
    status text not null, appointment_id uuid references appointment,
    added_by uuid not null references staff, added_at timestamptz not null,
    stream text generated always as ('schedule') stored);`;

const notes = `
  alter table note add kind text not null default 'visit' check (kind in ('visit', 'nurse')), add entered_in_error jsonb;
  alter table note drop constraint note_encounter_id_key;
  create unique index note_of_visit on note(encounter_id) where kind = 'visit';

  create or replace function note_signed_frozen() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then raise exception 'notes are never deleted' using errcode = 'JE005'; end if;
    if old.status = 'signed' and (
      new.status, new.content, new.signature, new.revision_id, new.revision_hash, new.patient_id, new.encounter_id,
      new.author_id, new.kind)
      is distinct from (
      old.status, old.content, old.signature, old.revision_id, old.revision_hash, old.patient_id, old.encounter_id,
      old.author_id, old.kind)
    then raise exception 'a signed note never changes' using errcode = 'JE005'; end if;
    if old.entered_in_error is not null and new.entered_in_error is distinct from old.entered_in_error
    then raise exception 'a note entered in error stays so' using errcode = 'JE005'; end if;
    return new;
  end $$;

  create table addendum(
    id uuid primary key, version int not null default 1,
    note_id uuid not null references note, patient_id uuid not null references patient,
    author_id uuid not null references staff, at timestamptz not null, text text not null,
    stream text generated always as ('chart:' || uuid_str(patient_id)) stored);
  create function addendum_frozen() returns trigger language plpgsql as $$
  begin raise exception 'addenda never change' using errcode = 'JE005'; end $$;
  create trigger addendum_frozen before update or delete on addendum for each row execute function addendum_frozen();

  alter table recording add moves jsonb not null default '[]';`;

/** The columns that every clinical fact has. */
const fact = `
    id uuid primary key, version int not null default 1,
    patient_id uuid not null references patient, encounter_id uuid references encounter,
    verification text not null, recorded_by uuid not null references staff, recorded_at timestamptz not null,
    last_change jsonb not null,
    stream text generated always as ('chart:' || uuid_str(patient_id)) stored,`;

const facts = `
  create table problem(${fact}
    code text, title text not null, onset date, status text not null, resolved_on date, note text not null);
  create table allergy(${fact}
    allergen text, substance text not null, reactions jsonb not null, severity text not null, status text not null,
    status_reason text not null, note text not null);
  create table medication(${fact}
    drug text, name text not null, dose text not null, route text not null, frequency text not null,
    instructions text not null, status text not null, started_on date, stopped_on date, stop_reason text not null,
    override_reason text not null, pending jsonb not null, note text not null);
  create table immunization(${fact}
    cvx text, vaccine text not null, given_on date not null, source text not null, lot text not null, site text not null,
    status text not null, note text not null);
  create table vitals(${fact}
    taken_at timestamptz not null, measurements jsonb not null, position text not null, status text not null,
    status_reason text not null, replaced_by uuid, moves jsonb not null, note text not null);
  create table alert(${fact}
    kind text not null, text text not null, active boolean not null);
  create table none_known(
    id uuid primary key, version int not null default 1,
    patient_id uuid not null references patient, list text not null, by uuid not null references staff,
    at timestamptz not null, retired_at timestamptz,
    stream text generated always as ('chart:' || uuid_str(patient_id)) stored, unique (patient_id, list));
  create index problem_patient on problem(patient_id);
  create index allergy_patient on allergy(patient_id);
  create index medication_patient on medication(patient_id);
  create index immunization_patient on immunization(patient_id);
  create index vitals_patient on vitals(patient_id);
  create index alert_patient on alert(patient_id);
  create index addendum_note on addendum(note_id);`;

const cards = `
  create table safety_card(
    id uuid primary key, version int not null default 1,
    patient_id uuid not null unique references patient, name text not null, birth_date date not null, sex text not null,
    allergies jsonb not null, medications jsonb not null, problems jsonb not null, alerts jsonb not null,
    restricted boolean not null,
    stream text generated always as (case when restricted then 'chart:' || uuid_str(patient_id) else 'safety' end) stored);

  create table care_team(
    id uuid primary key, version int not null default 1,
    patient_id uuid not null unique references patient, restricted boolean not null, member_ids jsonb not null,
    set_by uuid not null references staff, set_at timestamptz not null,
    stream text generated always as ('safety') stored);`;

/** What stood in a row before a change: facts and demographics are corrected, never forgotten. */
const history = `
  create table row_history(
    collection text not null, record_id uuid not null, version int not null, patient_id uuid not null,
    data jsonb not null, replaced_at timestamptz not null default now(),
    primary key (collection, record_id, version));
  create index row_history_patient on row_history(patient_id);
  grant select, insert on row_history to jamemr_app;`;

const work = `
  create table task(
    id uuid primary key, version int not null default 1,
    kind text not null, title text not null, details text not null, patient_id uuid references patient,
    assignee_id uuid references staff, pool text, due_on date, status text not null,
    created_by uuid not null references staff, created_at timestamptz not null,
    closed_by uuid references staff, closed_at timestamptz,
    check ((assignee_id is null) <> (pool is null)),
    stream text generated always as ('tasks:' || coalesce(uuid_str(assignee_id), pool) || case kind when 'clinical' then ':clinical' else '' end) stored);

  create table message(
    id uuid primary key, version int not null default 1,
    kind text not null, from_id uuid not null references staff, to_id uuid references staff, pool text,
    patient_id uuid references patient, reply_to uuid references message, text text not null,
    sent_at timestamptz not null, read_by uuid references staff, read_at timestamptz,
    check ((to_id is null) <> (pool is null)),
    stream text generated always as ('tasks:' || coalesce(uuid_str(to_id), pool) || case kind when 'clinical' then ':clinical' else '' end) stored);`;
