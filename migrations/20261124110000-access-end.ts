import { Migration } from "@mikro-orm/migrations";

/** Why somebody's access was ended and by whom; until when each session's tablet may show charts, and when it heard of the end. */
export class AccessEnd extends Migration {
  override up(): void {
    this.addSql(`
      alter table app_user add disabled_by uuid references staff,
        add disabled_reason text check (disabled_reason in ('left', 'role_ended', 'suspected_misuse'));
      alter table session add offline_until timestamptz, add end_told_at timestamptz;
      create index session_of on session(user_id, device_id);`);
  }
}
