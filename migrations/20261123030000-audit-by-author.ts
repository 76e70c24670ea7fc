import { Migration } from "@mikro-orm/migrations";

/** What was brought in for somebody is found by their name: work of a person who is locked out, or that a colleague took over. */
export class AuditByAuthor extends Migration {
  override up(): void {
    this.addSql(`
      create index audit_log_on_behalf on audit_log(((body::jsonb)->>'onBehalfOf'), seq)
        where ((body::jsonb)->>'onBehalfOf') is not null;`);
  }
}
