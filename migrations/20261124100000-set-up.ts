import { Migration } from "@mikro-orm/migrations";

/**
 * How a real practice begins: one-time codes for its first administrator, and who was named privacy and security officer.
 *
 * `practice.opened_at`: from then on patients are entered; a practice without it is in set-up. `set_up_code.hash`: SHA-256 of a code of
 * 125 random bits; a code that was used or replaced stays, so that whoever types it is told which. `officer_naming.statement`: what
 * the practice wrote where one person holds more than one of the three offices.
 */
export class SetUp extends Migration {
  override up(): void {
    this.addSql(`
      alter table practice add opened_at timestamptz;
      update practice set opened_at = created_at;

      create table set_up_code(
        hash bytea primary key, made_at timestamptz not null, expires_at timestamptz not null,
        ended_at timestamptz, used_by uuid references staff);
      create unique index set_up_code_open on set_up_code((true)) where ended_at is null;
      grant select, insert, update on set_up_code to jamemr_app;

      create table officer_naming(
        id uuid primary key, office text not null check (office in ('privacy-officer', 'security-officer')),
        person_id uuid not null references staff, named_by uuid not null references staff, named_at timestamptz not null,
        statement text, status text not null check (status in ('named', 'accepted', 'declined', 'replaced')),
        decided_at timestamptz, words text);
      create unique index officer_naming_standing on officer_naming(office) where status in ('named', 'accepted');
      grant select, insert, update on officer_naming to jamemr_app;`);
  }
}
