import { Migration } from "@mikro-orm/migrations";

/**
 * The Merkle tree over the audit log and its signed heads. A tile is the root of 256 hashes of the level below (level 0: the
 * leaves in `audit_log`), so that any root or proof is made from a few hundred rows.
 */
export class AuditTree extends Migration {
  override up(): void {
    this.addSql(`
      create table audit_tile(
        level int not null check (level between 1 and 6), place bigint not null check (place >= 0),
        hash bytea not null check (length(hash) = 32), primary key(level, place));
      create table audit_checkpoint(
        size bigint not null check (size > 0), epoch uuid not null references sync_epoch, note text not null,
        primary key(epoch, size));`);
    for (const table of ["audit_tile", "audit_checkpoint"])
      this.addSql(`
        create trigger audit_frozen_row before update or delete on ${table} for each row execute function audit_frozen();
        create trigger audit_frozen_all before truncate on ${table} for each statement execute function audit_frozen();
        grant select, insert on ${table} to jamemr_app;`);
  }
}
