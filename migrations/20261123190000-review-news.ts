import { Migration } from "@mikro-orm/migrations";

/**
 * Servers hear at once when something is put apart for review, is handed on, or was decided or reviewed; also of rows that no
 * tablet holds. Nothing of them is told: only that there is reason to look.
 */
export class ReviewNews extends Migration {
  override up(): void {
    this.addSql(`create function review_news() returns trigger language plpgsql as
      $$ begin perform pg_notify('sync', 'review'); return null; end $$`);
    for (const table of ["quarantine", "emergency_access"])
      this.addSql(`create trigger review_news after insert or update on ${table}
        for each statement execute function review_news()`);
  }
}
