import { Migration } from "@mikro-orm/migrations";

/**
 * A device that was asked to destroy what can be read on it, and what it said of that. `lost_at` of a client is set with the
 * standing of its device and read under the client's lock, so that no push that is under way gets past it.
 */
export class DeviceWipe extends Migration {
  override up(): void {
    this.addSql(`
      alter table device add wipe_asked_at timestamptz, add wipe_asked_by uuid references staff, add wiped_at timestamptz,
        add wipe_left int check (wipe_left >= 0);
      alter table sync_client add lost_at timestamptz;
      update sync_client set lost_at = now() where device_id in (select id from device where status = 'revoked');`);
  }
}
