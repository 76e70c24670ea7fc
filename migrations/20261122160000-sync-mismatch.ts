import { Migration } from "@mikro-orm/migrations";

/** Where a device's copy of a stream was not the server's: numbers for practice IT, without naming a patient. */
export class SyncMismatch extends Migration {
  override up(): void {
    this.addSql(`
      create table sync_mismatch(
        id uuid primary key, device_id uuid not null references device, kind text not null,
        held_count int not null, held_xor text not null, expected_count int not null, expected_xor text not null,
        found_at timestamptz not null);
      create index sync_mismatch_found_at on sync_mismatch(found_at);
      grant select, insert on sync_mismatch to jamemr_app;`);
  }
}
