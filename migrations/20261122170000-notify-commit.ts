import { Migration } from "@mikro-orm/migrations";

/**
 * A notification names the commit beside the stream: a tablet that has it already need not ask. A server of the version
 * before takes the whole text for the stream's name, tells nobody at once, and its tablets ask again within 30 s.
 */
export class NotifyCommit extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function sync_mark() returns trigger language plpgsql security definer
        set search_path = public, pg_temp as $$
      declare s bigint := ledger_seq();
      begin
        if (tg_op = 'DELETE' or (tg_op = 'UPDATE' and old.stream is distinct from new.stream)) and old.stream is not null then
          insert into sync_row values (old.stream, old.id, tg_table_name, s, 'rm')
            on conflict (stream, doc_id) do update set seq = s, op = 'rm';
          perform pg_notify('sync', old.stream || ' ' || s);
        end if;
        if tg_op <> 'DELETE' and new.stream is not null then
          insert into sync_row values (new.stream, new.id, tg_table_name, s, 'put')
            on conflict (stream, doc_id) do update set seq = s, op = 'put' where sync_row.seq <> s or sync_row.op <> 'put';
          perform pg_notify('sync', new.stream || ' ' || s);
        end if;
        return null;
      end $$;`);
  }
}
