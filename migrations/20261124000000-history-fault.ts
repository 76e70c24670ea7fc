import { Migration } from "@mikro-orm/migrations";

/** What a device or an AI node says of the audit log that it is shown, where that is not the one that it saw. */
export class HistoryFault extends Migration {
  override up(): void {
    this.addSql("alter table device_report add history_fault text;");
    this.addSql("alter table ai_node add history_fault text;");
  }
}
