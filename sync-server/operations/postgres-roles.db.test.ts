import { afterEach, describe, expect, inject, it } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { parseDatabaseUrl, prepareExternalDatabase, withClient } from "./postgres-roles.ts";
import type { PostgresSecrets } from "./postgres-secrets.ts";

const server = inject("testServer");
const passwordOf = (url: string): string => new URL(url).password;
const secrets: PostgresSecrets = {
  port: null,
  passwords: {
    postgres: "0".repeat(48),
    jamemr_owner: "1".repeat(48),
    jamemr_app: passwordOf(server.appUrl),
  },
};
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const admin = (sql: string): Promise<unknown> => withClient(server.adminUrl, (client) => client.query(sql));

/** A practice's own server: a database whose owner is a login called `practice`. */
async function externalDatabase(rights = ""): Promise<string> {
  const database = await createTestDatabase(server);
  cleanUp.push(() => admin("drop role practice"), database.drop);
  await admin(`create role practice login password 'abc' ${rights}`);
  const address = new URL(database.ownerUrl);
  await admin(`alter database ${address.pathname.slice(1)} owner to practice`);
  return Object.assign(address, { username: "practice", password: "abc" }).href;
}

describe("prepareExternalDatabase", () => {
  it("keeps the given login as the owner and uses the runtime login whose password is known", async () => {
    const ownerUrl = await externalDatabase();
    const urls = await prepareExternalDatabase(ownerUrl, undefined, secrets);
    expect(urls.ownerUrl).toBe(ownerUrl);
    expect(new URL(urls.appUrl).username).toBe("jamemr_app");
  });

  it("asks for JAMEMR_DATABASE_APP_URL when the runtime login has another password", async () => {
    const ownerUrl = await externalDatabase();
    const other = { ...secrets, passwords: { ...secrets.passwords, jamemr_app: "f".repeat(48) } };
    await expect(prepareExternalDatabase(ownerUrl, undefined, other)).rejects.toMatchObject({
      code: "database_app_login",
    });
    const given = Object.assign(new URL(ownerUrl), {
      username: "jamemr_app",
      password: secrets.passwords.jamemr_app,
    }).href;
    expect((await prepareExternalDatabase(ownerUrl, given, other)).appUrl).toBe(given);
  });

  it("refuses a runtime login that is the owner or has administrator rights", async () => {
    const ownerUrl = await externalDatabase();
    const refused = (url: string, reason: RegExp) =>
      expect(prepareExternalDatabase(ownerUrl, url, secrets)).rejects.toThrow(reason);
    await refused(ownerUrl, /owner's login/);
    await refused(server.adminUrl, /administrator rights/);
  });

  it("tells a wrong password, a missing database and a silent server apart", async () => {
    const ownerUrl = await externalDatabase();
    const changed = (change: Partial<URL>) => Object.assign(new URL(ownerUrl), change).href;
    const code = (url: string) =>
      prepareExternalDatabase(url, undefined, secrets).catch((error) => error.code);
    expect(await code(changed({ password: "wrong" }))).toBe("database_login");
    expect(await code(changed({ pathname: "/nowhere" }))).toBe("database_login");
    expect(await code(changed({ port: "1" }))).toBe("database_unreachable");
  });

  it("refuses what is not a PostgreSQL address, without repeating it", () => {
    for (const text of ["", "practice", "mysql://a:secret@h/db", "postgres://a:secret@h"]) {
      expect(() => parseDatabaseUrl(text), text).toThrow(expect.objectContaining({ code: "database_url" }));
      expect(() => parseDatabaseUrl(text)).not.toThrow(/secret/);
    }
    expect(parseDatabaseUrl("postgresql://a:b@h/db").hostname).toBe("h");
  });
});
