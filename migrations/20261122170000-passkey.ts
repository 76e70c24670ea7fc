import { Migration } from "@mikro-orm/migrations";

/** Passkeys people sign in with, and the challenges that wait for an answer, where every server sees them. */
export class Passkey extends Migration {
  override up(): void {
    this.addSql(`
      create table passkey(
        id uuid primary key, user_id uuid not null references app_user, rp_id text not null,
        credential_id text not null unique, public_key bytea not null, counter bigint not null, transports jsonb not null,
        name text not null, prf boolean not null, created_at timestamptz not null, last_used_at timestamptz);
      create index passkey_user on passkey(user_id);
      grant select, insert, update, delete on passkey to jamemr_app;

      create table passkey_challenge(
        hash bytea primary key, kind text not null check (kind in ('register', 'sign-in')), rp_id text not null,
        session_id uuid references session, expires_at timestamptz not null);
      create index passkey_challenge_expires_at on passkey_challenge(expires_at);
      grant select, insert, delete on passkey_challenge to jamemr_app;`);
  }
}
