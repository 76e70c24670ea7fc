import { Migration } from "@mikro-orm/migrations";

/**
 * What a restored practice needs: when its backup was made, work that was given back before what it belongs to (sealed
 * under the practice key), and service tokens that wait for the security officer.
 */
export class Restore extends Migration {
  override up(): void {
    this.addSql(`
      alter table sync_epoch add backup_at timestamptz;
      create table held_mutation(
        client_id uuid not null, n bigint not null, held_at timestamptz not null, code text not null, sealed bytea not null,
        primary key(client_id, n), foreign key(client_id, n) references sync_mutation(client_id, n)
          deferrable initially deferred);
      alter table token add unconfirmed_at timestamptz;
      grant select, insert, delete on held_mutation to jamemr_app;`);
  }
}
