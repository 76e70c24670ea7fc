import { Migration } from "@mikro-orm/migrations";

/** Changes that went with a store and whose authors the clinic no longer knows, because it went back to a backup. */
export class LostBeforeRestore extends Migration {
  override up(): void {
    this.addSql("alter table device_loss add column of_unknown int not null default 0;");
  }
}
