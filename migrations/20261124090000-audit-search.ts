import { Migration } from "@mikro-orm/migrations";

/** The log is searched by time, and by what was denied or failed, without reading it from its end. */
export class AuditSearch extends Migration {
  override up(): void {
    this.addSql(`
      create index audit_log_time on audit_log(((body::jsonb)->>'recordedAt'), seq);
      create index audit_log_outcome on audit_log(((body::jsonb)->>'outcome'), seq)
        where ((body::jsonb)->>'outcome') <> 'ok';`);
  }
}
