import { Migration } from "@mikro-orm/migrations";

/** A nurse's own note may be written outside a visit: a phone call, an injection. A clinician's never is. */
export class NurseNote extends Migration {
  override up(): void {
    this.addSql(`
      alter table note alter column encounter_id drop not null;
      alter table note add constraint note_visit check (kind = 'nurse' or encounter_id is not null);`);
  }
}
