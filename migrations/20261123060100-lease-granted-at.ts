import { Migration } from "@mikro-orm/migrations";

/** Since when a desk's device holds a time: for whoever has to decide whether it still needs it. */
export class LeaseGrantedAt extends Migration {
  override async up(): Promise<void> {
    this.addSql("alter table slot_lease add granted_at timestamptz not null default now()");
  }
}
