import pg from "pg";
import { OperationError, systemCode } from "./operation-error.ts";
import type { PostgresSecrets } from "./postgres-secrets.ts";

/** Addresses of the practice's database for the two logins that every installation has. */
export interface DatabaseUrls {
  /** `jamemr_owner`: owns the schema; for migrations and nothing else. */
  readonly ownerUrl: string;
  /** `jamemr_app`: the running server, with only the rights that migrations grant. */
  readonly appUrl: string;
}

/**
 * Makes the database `jamemr` with its logins `jamemr_owner` and `jamemr_app` in the embedded server. Run at every
 * start; what is there already stays, its passwords are set again.
 *
 * @param adminUrl the superuser's address
 */
export async function ensureRoles(adminUrl: string, secrets: PostgresSecrets): Promise<DatabaseUrls> {
  await withClient(adminUrl, async (client) => {
    for (const login of ["jamemr_owner", "jamemr_app"] as const) {
      await ensureLogin(client, login, secrets.passwords[login]);
    }
    const { rowCount } = await client.query("select from pg_database where datname = 'jamemr'");
    if (!rowCount) await client.query("create database jamemr owner jamemr_owner");
    await restrictConnections(client, "jamemr");
  });
  return {
    ownerUrl: loginUrl(adminUrl, "jamemr", "jamemr_owner", secrets.passwords.jamemr_owner),
    appUrl: loginUrl(adminUrl, "jamemr", "jamemr_app", secrets.passwords.jamemr_app),
  };
}

/** Only the two logins may connect to a practice's database. */
export async function restrictConnections(client: pg.Client, database: string): Promise<void> {
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to jamemr_app`);
}

/** The same server, another database and login. */
export function loginUrl(url: string, database: string, login: string, password: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  address.username = login;
  address.password = password;
  return address.href;
}

/** Runs `work` with a connection of its own. @throws whatever connecting or `work` throws */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Passwords are hexadecimal (see postgres-secrets), so they need no quoting. */
async function ensureLogin(client: pg.Client, login: string, password: string): Promise<void> {
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [login]);
  const verb = rowCount ? "alter" : "create";
  await client.query(
    `${verb} role ${login} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '${password}'`,
  );
}

/**
 * Prepares a PostgreSQL server that the practice runs itself (`DATABASE_URL`). That login is the owner; the
 * runtime login is made when the owner may make logins, else `JAMEMR_DATABASE_APP_URL` has to name one.
 *
 * @throws {OperationError} `database_url` (not an address), `database_unreachable`, `database_login`,
 *   `database_app_login` (no runtime login and no right to make one), `database_too_old`
 */
export async function prepareExternalDatabase(
  databaseUrl: string,
  givenAppUrl: string | undefined,
  secrets: PostgresSecrets,
): Promise<DatabaseUrls> {
  const address = parseDatabaseUrl(databaseUrl);
  try {
    return await withClient(databaseUrl, async (client) => {
      await refuseOldServer(client);
      const appUrl = givenAppUrl ?? (await makeAppLogin(client, databaseUrl, secrets));
      await checkAppLogin(client, appUrl);
      return { ownerUrl: databaseUrl, appUrl };
    });
  } catch (error) {
    throw externalError(error, address);
  }
}

/** @throws {OperationError} `database_url` without repeating the address, which may hold a password */
export function parseDatabaseUrl(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  const hasHost = address && (address.host !== "" || address.searchParams.has("host"));
  if (!hasHost || !/^postgres(ql)?:$/.test(address.protocol) || address.pathname.length < 2) {
    throw new OperationError("database_url", { variable: "DATABASE_URL" });
  }
  return address;
}

const oldestServer = 150_000;

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as text",
  );
  const version = rows[0]!;
  if (version.number < oldestServer)
    throw new OperationError("database_too_old", { found: version.text, needed: 15 });
}

async function makeAppLogin(
  client: pg.Client,
  databaseUrl: string,
  secrets: PostgresSecrets,
): Promise<string> {
  const { rows } = await client.query<{ exists: boolean; may: boolean; database: string }>(
    `select exists(select from pg_roles where rolname = 'jamemr_app') as exists,
            (rolsuper or rolcreaterole) as may, quote_ident(current_database()) as database
       from pg_roles where rolname = current_user`,
  );
  const { exists, may, database } = rows[0]!;
  const url = loginUrl(
    databaseUrl,
    decodeURIComponent(new URL(databaseUrl).pathname.slice(1)),
    "jamemr_app",
    secrets.passwords.jamemr_app,
  );
  if (!exists && !may)
    throw new OperationError("database_app_login", { reason: "the owner may not create logins" });
  if (!exists) {
    await ensureLogin(client, "jamemr_app", secrets.passwords.jamemr_app);
    await client.query(`grant connect on database ${database} to jamemr_app`);
  }
  return url;
}

/** The runtime login must work, be another one than the owner, and have no special rights. */
async function checkAppLogin(owner: pg.Client, appUrl: string): Promise<void> {
  const ownerName = (await owner.query<{ name: string }>("select current_user as name")).rows[0]!.name;
  const login = await withClient(appUrl, async (client) => {
    const { rows } = await client.query<{ name: string; special: boolean }>(
      `select rolname as name, rolsuper or rolcreatedb or rolcreaterole or rolbypassrls as special
         from pg_roles where rolname = current_user`,
    );
    return rows[0]!;
  }).catch((error: unknown) => {
    throw new OperationError(
      "database_app_login",
      { reason: systemCode(error) || "the login was refused" },
      error,
    );
  });
  if (login.name === ownerName)
    throw new OperationError("database_app_login", { reason: "it is the owner's login" });
  if (login.special)
    throw new OperationError("database_app_login", { reason: "it has administrator rights" });
}

function externalError(error: unknown, address: URL): unknown {
  if (error instanceof OperationError) return error;
  const facts = { host: address.hostname, port: address.port || "5432", reason: systemCode(error) };
  const refused = ["28P01", "28000", "3D000"].includes(facts.reason);
  return new OperationError(refused ? "database_login" : "database_unreachable", facts, error);
}
