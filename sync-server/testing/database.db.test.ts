import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { withClient } from "../operations/postgres-roles.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const value = async (url: string, sql: string): Promise<unknown> =>
  withClient(url, async (client) => Object.values((await client.query(sql)).rows[0] as object)[0]);

describe("a test database", () => {
  it("belongs to the owner, and the runtime login has no special rights", async () => {
    expect(await value(database.ownerUrl, "select current_user")).toBe("jamemr_owner");
    expect(await value(database.appUrl, "select current_user")).toBe("jamemr_app");
    await expect(value(database.appUrl, "create table public.t(i int)")).rejects.toThrow(/permission denied/);
    await expect(value(database.appUrl, "create role other")).rejects.toThrow(/permission denied/);
    await expect(value(database.appUrl, "create database other")).rejects.toThrow(/permission denied/);
    await expect(value(database.ownerUrl, "create role other")).rejects.toThrow(/permission denied/);
  });

  it("takes the owner's extensions that the schema needs", async () => {
    await withClient(database.ownerUrl, async (client) => {
      await client.query("create extension if not exists btree_gist");
    });
  });

  it("is separate from others, made at once or one after the other, and goes when dropped", async () => {
    const others = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
    await withClient(others[0]!.ownerUrl, async (client) => {
      await client.query("create table only_here(i int)");
    });
    expect(await value(others[1]!.ownerUrl, "select to_regclass('only_here')::text")).toBeNull();
    await Promise.all(others.map((other) => other.drop()));
    const names = others.map((other) => `'${new URL(other.ownerUrl).pathname.slice(1)}'`).join();
    const left = await value(
      inject("testServer").adminUrl,
      `select count(*)::int from pg_database where datname in (${names})`,
    );
    expect(left).toBe(0);
  });

  it("drops with connections open", async () => {
    const other = await createTestDatabase();
    await withClient(other.appUrl, async () => other.drop());
    await expect(value(other.appUrl, "select 1")).rejects.toThrow(/does not exist/);
  });
});
