import { Migration } from "@mikro-orm/migrations";

/** Servers hear at once when a request is made, decided, withdrawn or carried out; never what is asked. */
export class ApprovalNews extends Migration {
  override up(): void {
    this.addSql(`create trigger review_news after insert or update on approval
      for each statement execute function review_news()`);
  }
}
