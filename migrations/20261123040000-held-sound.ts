import { Migration } from "@mikro-orm/migrations";

/**
 * Sound whose beginning waits for review: it arrives like any other and lies sealed under a key of its own until somebody
 * has taken its beginning over. Where that is discarded it stays, as sealed as the words.
 */
export class HeldSound extends Migration {
  override up(): void {
    this.addSql(`
      create table held_sound(
        id uuid primary key, quarantine_id uuid not null references quarantine,
        author_id uuid not null references app_user, device_id uuid not null references device,
        patient_id uuid, started_at timestamptz not null, sealed_key text not null);
      grant select, insert, update, delete on held_sound to jamemr_app;

      create table held_sound_part(
        sound_id uuid not null references held_sound, part int not null,
        bytes bigint not null, sealed_bytes bigint not null, sha256 text not null, stored_at timestamptz not null,
        primary key(sound_id, part));
      grant select, insert, delete on held_sound_part to jamemr_app;`);
  }
}
