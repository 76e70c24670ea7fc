import { Migration } from "@mikro-orm/migrations";

/**
 * Codes of an authenticator app, recovery codes, and how each session was begun.
 *
 * `app_user.password_short`: the password counts only beside a second factor. `totp_factor.last_step`: the newest time step of
 * which a code was taken; none is taken twice. A used recovery code stays, so that its owner can be told of it.
 */
export class SecondFactor extends Migration {
  override up(): void {
    this.addSql(`
      alter table app_user add password_short boolean not null default false;
      alter table session add signed_in_by text not null default 'password'
        check (signed_in_by in ('password', 'passkey', 'totp', 'recovery'));

      create table totp_factor(
        id uuid primary key, user_id uuid not null references app_user, secret bytea not null,
        created_at timestamptz not null, confirmed_at timestamptz, last_step bigint not null default 0,
        last_used_at timestamptz);
      create unique index totp_factor_confirmed on totp_factor(user_id) where confirmed_at is not null;
      grant select, insert, update, delete on totp_factor to jamemr_app;

      create table recovery_code(
        id uuid primary key, user_id uuid not null references app_user, hash bytea not null,
        created_at timestamptz not null, replaced_at timestamptz, used_at timestamptz,
        used_session_id uuid references session, seen_at timestamptz, unique (user_id, hash));
      grant select, insert, update on recovery_code to jamemr_app;`);
  }
}
