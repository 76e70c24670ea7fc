import { Migration } from "@mikro-orm/migrations";

/**
 * Two devices with one history: since when it is known, and by the hash of what was sent, so that the same work is kept
 * for review once however often it comes.
 */
export class ClientFork extends Migration {
  override up(): void {
    this.addSql(`
      alter table sync_client add forked_at timestamptz;
      alter table quarantine add body_hash bytea;
      create unique index quarantine_same on quarantine(client_id, n, body_hash);`);
  }
}
