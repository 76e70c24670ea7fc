import { Migration } from "@mikro-orm/migrations";

/** The practice, its people, devices, sessions and service tokens. */
export class Identity extends Migration {
  override up(): void {
    this.addSql(`
      create table practice(
        id uuid primary key, name text not null, zone text not null, trial boolean not null, created_at timestamptz not null,
        only_one boolean not null default true unique check (only_one));

      create table staff(
        id uuid primary key, version int not null default 1,
        name text not null, suffix text not null, roles text[] not null, active boolean not null,
        stream text generated always as ('directory') stored);

      create table app_user(
        id uuid primary key references staff, username text not null unique, password_hash text not null,
        disabled_at timestamptz, failed_attempts int not null default 0, next_attempt_at timestamptz);

      create table device(
        id uuid primary key, version int not null default 1,
        name text not null, status text not null check (status in ('enrolled','revoked')), key jsonb,
        enrolled_at timestamptz not null, last_seen_at timestamptz,
        stream text generated always as ('ops') stored);

      create table session(
        id uuid primary key, user_id uuid not null references app_user, device_id uuid not null references device,
        role text not null, started_at timestamptz not null, unlocked_at timestamptz not null,
        expires_at timestamptz not null, ended_at timestamptz, end_reason text);
      create index session_open on session(user_id) where ended_at is null;

      create table refresh_token(
        hash bytea primary key, session_id uuid not null references session, device_id uuid not null,
        issued_at timestamptz not null, used_at timestamptz, parent bytea);
      create index refresh_token_session on refresh_token(session_id);

      create table token(
        id uuid primary key, version int not null default 1,
        purpose text not null, scopes text[] not null check (cardinality(scopes) > 0), owner_id uuid references staff,
        created_at timestamptz not null, expires_at timestamptz not null, last_used_at timestamptz, revoked_at timestamptz,
        stream text generated always as (null) stored);`);
    this.addSql(`
      create function identity_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
      begin perform pg_notify('identity', new.id::text); return null; end $$;
      create trigger session_changed after update of ended_at, role on session for each row execute function identity_changed();
      create trigger user_changed after update of disabled_at on app_user for each row execute function identity_changed();
      create trigger token_changed after update of revoked_at on token for each row execute function identity_changed();
      create trigger device_changed after update of status on device for each row execute function identity_changed();`);
    for (const table of ["staff", "device"])
      this.addSql(`create constraint trigger zz_sync_mark after insert or update or delete on ${table}
        deferrable initially deferred for each row execute function sync_mark()`);
    this.addSql(`
      grant select, insert, update on practice, staff, app_user, device, session, refresh_token, token to jamemr_app`);
  }
}
