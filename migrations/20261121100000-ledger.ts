import { Migration } from "@mikro-orm/migrations";

/**
 * The one lock and the one number that audit and sync share. Every transaction that changes a synced row ends with
 * `ledger_seal`, which appends its audit records under an advisory lock; the deferred `sync_mark` trigger refuses a
 * commit that did not.
 */
export class Ledger extends Migration {
  override up(): void {
    this.addSql("create extension if not exists btree_gist");
    this.addSql(
      "create function uuid_str(uuid) returns text language sql immutable as $$ select $1::text $$",
    );
    this.addSql(tables);
    this.addSql(ledgerSeal);
    this.addSql(ledgerSeq);
    this.addSql(syncMark);
    this.addSql(frozen);
    this.addSql(`
      create trigger audit_frozen_row before update or delete on audit_log for each row execute function audit_frozen();
      create trigger audit_frozen_all before truncate on audit_log for each statement execute function audit_frozen();`);
    this.addSql(`
      grant usage on schema public to jamemr_app;
      grant select on audit_log, sync_row to jamemr_app;
      grant select, insert on sync_epoch to jamemr_app;
      grant select, insert, update on sync_client, sync_mutation to jamemr_app;
      grant select, insert, update, delete on sync_client_stream to jamemr_app;
      grant select, insert, update on quarantine to jamemr_app;
      revoke all on function ledger_seal(jsonb) from public;
      grant execute on function ledger_seal(jsonb) to jamemr_app;`);
  }
}

const tables = `
  create table audit_log(
    seq bigint primary key, id uuid not null unique, xid xid8 not null default pg_current_xact_id(),
    salt bytea not null, body text not null, leaf bytea not null, hash bytea not null);
  create index audit_log_patient on audit_log(((body::jsonb)->>'patientId'), seq) where ((body::jsonb)->>'patientId') is not null;
  create index audit_log_actor on audit_log(((body::jsonb)->'actor'->>'id'), seq);
  create index audit_log_action on audit_log(((body::jsonb)->>'action'), seq);

  create table sync_row(
    stream text not null, doc_id uuid not null, kind text not null, seq bigint not null,
    op text not null check (op in ('put','rm')), primary key(stream, doc_id));
  create index sync_row_seq on sync_row(seq);

  create table sync_epoch(
    epoch uuid primary key, started_at timestamptz not null, old_head bigint, new_head bigint, approval_id uuid);

  create table sync_client(
    client_id uuid primary key, user_id uuid not null, device_id uuid not null,
    signing_key jsonb, last_n bigint not null default 0, last_hash bytea, created_at timestamptz not null);

  create table sync_mutation(
    client_id uuid not null references sync_client, n bigint not null, mutation_id uuid not null unique,
    name text not null, body_hash bytea not null,
    status text not null check (status in ('applied','conflict','rejected','quarantined','held')),
    result jsonb, seq bigint not null, primary key(client_id, n));
  create index sync_mutation_seq on sync_mutation(client_id, seq);

  create table sync_client_stream(
    client_id uuid not null references sync_client, stream text not null, generation int not null,
    state text not null check (state in ('joining','ready','leaving')), join_after uuid,
    primary key(client_id, stream));

  create table quarantine(
    id uuid primary key, client_id uuid not null, n bigint not null, mutation_id uuid not null unique,
    user_id uuid not null, device_id uuid not null, patient_id uuid, name text not null, reason text not null,
    sealed bytea not null, received_at timestamptz not null,
    decided_at timestamptz, decided_by uuid, decision text check (decision in ('adopted','discarded')));`;

const ledgerSeal = `
  create function ledger_seal(entries jsonb) returns bigint language plpgsql volatile security definer
    set search_path = public, pg_temp as $$
  declare e jsonb; n bigint; prev bytea; lf bytea;
  begin
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'ledger: writers run READ COMMITTED' using errcode = 'JE001'; end if;
    if jsonb_array_length(entries) = 0 then
      raise exception 'ledger: no audit entry' using errcode = 'JE002'; end if;
    perform pg_advisory_xact_lock(7235418);
    select seq, hash into n, prev from audit_log order by seq desc limit 1;
    n := coalesce(n, 0); prev := coalesce(prev, decode(repeat('00', 32), 'hex'));
    for e in select value from jsonb_array_elements(entries) with ordinality t(value, o) order by o loop
      n := n + 1;
      lf := sha256('\\x00'::bytea || decode(e->>'salt', 'hex') || convert_to(e->>'body', 'UTF8'));
      prev := sha256('\\x02'::bytea || prev || int8send(n) || lf);
      insert into audit_log(seq, id, salt, body, leaf, hash)
        values (n, (e->>'id')::uuid, decode(e->>'salt', 'hex'), e->>'body', lf, prev);
    end loop;
    perform set_config('jamemr.seal', pg_current_xact_id()::text || ':' || n, true);
    return n;
  end $$`;

const ledgerSeq = `
  create function ledger_seq() returns bigint language plpgsql volatile as $$
  declare v text := nullif(current_setting('jamemr.seal', true), '');
  begin
    if v is null or split_part(v, ':', 1) <> pg_current_xact_id()::text then
      raise exception 'audit_missing: synced rows changed without ledger_seal()' using errcode = 'JE003'; end if;
    perform 1 from audit_log where seq = split_part(v, ':', 2)::bigint and xid = pg_current_xact_id();
    if not found then raise exception 'audit_missing: forged seal' using errcode = 'JE003'; end if;
    return split_part(v, ':', 2)::bigint;
  end $$`;

const syncMark = `
  create function sync_mark() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare s bigint := ledger_seq();
  begin
    if (tg_op = 'DELETE' or (tg_op = 'UPDATE' and old.stream is distinct from new.stream)) and old.stream is not null then
      insert into sync_row values (old.stream, old.id, tg_table_name, s, 'rm')
        on conflict (stream, doc_id) do update set seq = s, op = 'rm';
      perform pg_notify('sync', old.stream);
    end if;
    if tg_op <> 'DELETE' and new.stream is not null then
      insert into sync_row values (new.stream, new.id, tg_table_name, s, 'put')
        on conflict (stream, doc_id) do update set seq = s, op = 'put' where sync_row.seq <> s or sync_row.op <> 'put';
      perform pg_notify('sync', new.stream);
    end if;
    return null;
  end $$`;

const frozen = `
  create function audit_frozen() returns trigger language plpgsql as $$
  begin raise exception 'audit_log is append-only' using errcode = 'JE004'; end $$`;
