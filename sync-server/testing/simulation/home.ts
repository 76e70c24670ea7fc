import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "#domain/kernel/bytes.ts";
import { restrictConnections, withClient } from "#server/operations/postgres-roles.ts";
import type { OpenPractice } from "#server/practice/open-practice.ts";
import type { TestDatabase } from "../database.ts";
import type { TestServer } from "../test-postgres.ts";
import type { World } from "./world.ts";

const at = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
const nameIn = (url: string): string => new URL(url).pathname.slice(1);

/**
 * Every table of the practice as it was at some moment, kept beside it, and a function that goes back there. Copying a
 * database costs half a second on a busy machine, going back a hundredth. Tables of later slices join by themselves.
 */
const keepSql = (schema: string) => `
  create schema ${schema};
  do $$ declare t text; begin
    for t in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migration' loop
      execute format('create table ${schema}.%I as table public.%I', t, t);
    end loop;
  end $$;
  create table ${schema}."_sequence" as
    select sequencename as name, last_value as value from pg_sequences where schemaname = 'public';
  create function ${schema}.go_back() returns void language plpgsql as $$
  declare t text; columns text; s record;
  begin
    perform set_config('session_replication_role', 'replica', true);
    for t in select tablename from pg_tables where schemaname = '${schema}' and tablename <> '_sequence' loop
      select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
        where attrelid = format('public.%I', t)::regclass and attnum > 0 and not attisdropped and attgenerated = '';
      execute format('delete from public.%I', t);
      execute format('insert into public.%I(%s) select %s from ${schema}.%I', t, columns, columns, t);
    end loop;
    for s in select name, value from ${schema}."_sequence" loop
      perform setval(format('public.%I', s.name)::regclass, coalesce(s.value, 1), s.value is not null);
    end loop;
  end $$;`;

/** Makes the present state of a database the one that {@link Home.goBack} goes back to. */
export const rememberStart = (server: TestServer, database: TestDatabase): Promise<void> =>
  withClient(at(server.adminUrl, nameIn(database.ownerUrl)), async (client) => {
    await client.query(keepSql("seed_start"));
  });

/** Where one thread plays its seeds: a database and a data folder of its own, and the server that runs on them. */
export class Home {
  readonly world: World;
  readonly database: TestDatabase;
  readonly folder: string;
  /** The running server's inside, kept from seed to seed while nobody kills it. */
  practice: OpenPractice | null = null;
  readonly #adminUrl: string;
  /** The practice that is open was brought back, and remembers the epoch that began then. */
  #broughtBack = false;

  private constructor(world: World, database: TestDatabase, folder: string, adminUrl: string) {
    this.world = world;
    this.database = database;
    this.folder = folder;
    this.#adminUrl = adminUrl;
  }

  static async make(world: World): Promise<Home> {
    const folder = await mkdtemp(join(tmpdir(), "jamemr-seed-"));
    await cp(world.folder, folder, { recursive: true });
    const name = `seed_${toHex(crypto.getRandomValues(new Uint8Array(8)))}`;
    const { adminUrl, ownerUrl, appUrl } = world.server;
    await withClient(adminUrl, async (client) => {
      await client.query(`create database ${name} template ${world.template} owner jamemr_owner`);
      await restrictConnections(client, name);
    });
    const drop = () =>
      withClient(adminUrl, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      });
    const database = { ownerUrl: at(ownerUrl, name), appUrl: at(appUrl, name), drop };
    return new Home(world, database, folder, at(adminUrl, name));
  }

  /** As on the first morning. */
  async goBack(): Promise<void> {
    if (this.#broughtBack) {
      await this.practice?.close();
      this.practice = null;
      this.#broughtBack = false;
    }
    for (const name of ["recordings", "uploads"]) {
      const folder = join(this.folder, name);
      for (const entry of await readdir(folder).catch(() => []))
        await rm(join(folder, entry), { recursive: true, force: true });
    }
    await withClient(this.#adminUrl, async (client) => {
      await client.query("begin; select seed_start.go_back(); delete from pgboss.job; commit");
    });
  }

  /** F16: keeps the present state as a backup would. */
  backUp(): Promise<void> {
    return withClient(this.#adminUrl, async (client) => {
      await client.query(
        `begin isolation level repeatable read; drop schema if exists seed_backup cascade; ${keepSql("seed_backup")} commit`,
      );
    });
  }

  /** F16: brings it back. Nothing may have the database open. The queue of AI work is in no backup. */
  bringBack(): Promise<void> {
    this.#broughtBack = true;
    return withClient(this.#adminUrl, async (client) => {
      await client.query("begin; select seed_backup.go_back(); delete from pgboss.job; commit");
    });
  }

  async remove(): Promise<void> {
    await this.practice?.close();
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
