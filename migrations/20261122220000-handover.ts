import { Migration } from "@mikro-orm/migrations";

/**
 * Refused work that its author hands to a colleague: it waits for review like any other, with to whom it was handed and
 * why it had been refused, and its author has a row that says what became of it. The same work is with one colleague at a
 * time, and never again once it was adopted.
 */
export class Handover extends Migration {
  override up(): void {
    this.addSql(`
      alter table quarantine
        drop constraint quarantine_mutation_id_key,
        drop constraint quarantine_decision_check,
        add constraint quarantine_decision_check check (decision in ('adopted', 'discarded', 'taken-back')),
        add handed_to uuid references staff,
        add refusal text;
      drop index quarantine_same;
      create unique index quarantine_mutation on quarantine(mutation_id) where handed_to is null;
      create unique index quarantine_same on quarantine(client_id, n, body_hash) where handed_to is null;
      create unique index quarantine_handed on quarantine(mutation_id)
        where handed_to is not null and (decision is null or decision = 'adopted');

      create table handover(
        id uuid primary key references quarantine, version int not null default 1,
        author_id uuid not null references staff, to_id uuid not null references staff,
        kind text not null check (kind in ('administrative', 'clinical')),
        code text, patient_id uuid, words text not null, handed_at timestamptz not null,
        decision text check (decision in ('adopted', 'discarded', 'taken-back')),
        decided_by uuid references staff, decided_at timestamptz,
        closed boolean not null default false,
        check (author_id <> to_id),
        check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null)),
        check (not closed or decision is not null),
        stream text generated always as (case when closed then null
          else 'tasks:' || uuid_str(author_id) || case when kind = 'clinical' then ':clinical' else '' end end) stored);
      create constraint trigger zz_sync_mark after insert or update or delete on handover
        deferrable initially deferred for each row execute function sync_mark();
      grant select, insert, update on handover to jamemr_app;`);
  }
}
