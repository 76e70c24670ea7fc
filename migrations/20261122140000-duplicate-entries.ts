import { Migration } from "@mikro-orm/migrations";

/** After two records were merged, an entry may say what another one says: it names the entry that stands for both. */
export class DuplicateEntries extends Migration {
  override up(): void {
    for (const table of ["problem", "allergy", "medication"])
      this.addSql(`
        alter table ${table} add duplicate_of uuid references ${table},
          add constraint ${table}_not_its_own_duplicate check (duplicate_of is distinct from id)`);
  }
}
