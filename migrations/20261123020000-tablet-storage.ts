import { Migration } from "@mikro-orm/migrations";

/**
 * What a tablet's storage is to the clinic: how many charts it put away for lack of room, the newest change that each of its
 * clients said it has, and the tablets whose browser threw away what was kept there.
 */
export class TabletStorage extends Migration {
  override up(): void {
    this.addSql(`
      alter table device_report add charts_put_away int not null default 0,
        add storage_refused boolean not null default false;
      alter table sync_client add reported_n bigint not null default 0;
      create table device_loss(
        device_id uuid primary key references device, found_on uuid not null references device,
        found_by uuid not null references app_user, found_at timestamptz not null,
        changes int not null, refused int not null, recordings int not null,
        acknowledged_at timestamptz, acknowledged_by uuid references app_user);
      grant select, insert, update on device_loss to jamemr_app;`);
  }
}
