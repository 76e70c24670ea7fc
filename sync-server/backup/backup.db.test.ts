import { randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toHex } from "#domain/kernel/bytes.ts";
import { newId } from "#domain/kernel/id.ts";
import { verifyAudit } from "../audit/verify-database.ts";
import { withClient } from "../operations/postgres-roles.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { backUp, bringBack, type TestBackup } from "../testing/restored.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";
import { readBackup } from "./backup-file.ts";
import { beginMoment, dumpTables } from "./dump.ts";

let practice: TestPractice;
const opened: TestPractice[] = [];
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await practice.close();
});

async function restored(
  backup: TestBackup,
  ...mirror: Parameters<typeof bringBack> extends [unknown, unknown, ...infer R] ? R : never
) {
  const brought = await bringBack(practice, backup, ...mirror);
  opened.push(brought.practice);
  return brought;
}

/** Rows and a digest of them, by table, of one moment. */
const digests = (of: TestPractice): Promise<Record<string, string>> =>
  withClient(of.ownerUrl, async (client) => {
    const { rows } = await client.query<{ name: string; columns: string }>(
      `select c.relname as name, string_agg(quote_ident(a.attname), ',' order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname <> 'xid'
         and c.relname not like 'schema_migration%' group by 1 order by 1`,
    );
    const found: Record<string, string> = {};
    for (const { name, columns } of rows) {
      const sql = `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from (select ${columns} from "${name}") t`;
      found[name] = (await client.query<{ digest: string }>(sql)).rows[0]!.digest;
    }
    return found;
  });

describe("a backup", () => {
  it("taken while everybody writes is one moment, and comes back equal to the last row", async () => {
    const sessions = await Promise.all(
      ["frontdesk", "frontdesk2", "clinician", "nurse"].map((name) => practice.signIn(name)),
    );
    let writing = true;
    let written = 0;
    const load = sessions.slice(0, 2).map(async (session) => {
      for (let n = 1; writing; n++) {
        const { results } = await practice.push(session, [
          mutation(session, n, "appointment.book", booking()),
        ]);
        expect(results[0]?.status).toBe("applied");
        written++;
      }
    });
    while (written < 10) await new Promise((resolve) => setImmediate(resolve));
    const backup = await backUp(practice);
    const during = written;
    while (written < during + 4) await new Promise((resolve) => setImmediate(resolve));
    writing = false;
    await Promise.all(load);

    const { moment } = await readBackup(backup.file, backup.key);
    expect(moment.auditHead).toBeLessThan(await practice.head());
    const { practice: again, recovered } = await restored(backup);
    expect(recovered).toMatchObject({ oldHead: await practice.head(), newHead: moment.auditHead });
    // Both as of the moment of the backup: what the log holds up to there, and one row for each booking it tells of.
    const upTo = (of: TestPractice) =>
      of.owner(
        "select md5(string_agg(body || encode(hash, 'hex'), '' order by seq)) as digest from audit_log where seq <= $1",
        [moment.auditHead],
      );
    expect(await upTo(again)).toEqual(await upTo(practice));
    const [told] = await again.owner(
      `select count(*) from audit_log where body::jsonb->>'action' = 'appointment.booked' and body::jsonb->'deviceSeq' is not null`,
    );
    const [there] = await again.owner("select count(*) from sync_mutation where status = 'applied'");
    expect(there).toEqual(told);
    expect(Number(there!.count)).toBeGreaterThan(9);
    expect(
      await verifyAudit(again.practice.database.em.fork(), again.practice.checkpoints.key),
    ).toMatchObject({ whole: true });
  });

  it("of a quiet practice holds every table to the last byte", async () => {
    const before = await digests(practice);
    const backup = await backUp(practice);
    const { practice: again } = await restored(backup, null);
    const after = await digests(again);
    const heads = (at: TestPractice) =>
      at.owner("select size, epoch, note from audit_checkpoint order by size, note");
    const known = await heads(practice);
    expect((await heads(again)).filter(({ epoch }) => epoch === known[0]!.epoch)).toEqual(known);
    // What a restore itself changes; the head of its own epoch is signed at once.
    for (const name of ["audit_log", "audit_checkpoint", "sync_epoch", "session", "token"]) {
      delete before[name];
      delete after[name];
    }
    expect(after).toEqual(before);
    const [first] = await again.audit(Number((await readBackup(backup.file, backup.key)).moment.auditHead));
    expect(first).toMatchObject({ action: "restore.executed", resource: { type: "epoch" } });
  });

  it("shows nothing of anybody without its key, and no other key opens it", async () => {
    const backup = await backUp(practice);
    const raw = (await readFile(backup.file)).toString("latin1");
    for (const word of ["Trial-Lopez", "frontdesk", people.patient(1)]) expect(raw).not.toContain(word);
    expect((await stat(backup.file)).mode & 0o777).toBe(0o600);
    await expect(readBackup(backup.file, randomBytes(32))).rejects.toMatchObject({
      code: "backup_key_wrong",
    });
  });

  it("that was changed, cut short or put together from two is refused", async () => {
    const backup = await backUp(practice);
    const whole = await readFile(backup.file);
    const line = whole.indexOf(0x0a) + 1;
    const flipped = Buffer.from(whole);
    flipped[line + 1000]! ^= 1;
    const other = await readFile((await backUp(practice)).file);
    const cases: Record<string, [Buffer, string]> = {
      "a byte": [flipped, "backup_damaged"],
      "cut off": [whole.subarray(0, whole.length - 40), "backup_damaged"],
      "nothing but the first line": [whole.subarray(0, line), "backup_damaged"],
      "another body": [
        Buffer.concat([whole.subarray(0, line), other.subarray(other.indexOf(0x0a) + 1)]),
        "backup_damaged",
      ],
      "another first line": [
        Buffer.concat([
          Buffer.from(whole.subarray(0, line).toString().replace('"auditHead":', '"auditHead":1')),
          whole.subarray(line),
        ]),
        "backup_damaged",
      ],
      "not one at all": [Buffer.from("hello\n"), "backup_unreadable"],
      newer: [Buffer.from(`${JSON.stringify({ format: "jamemr-backup", version: 2 })}\n`), "backup_newer"],
    };
    for (const [name, [bytes, code]] of Object.entries(cases)) {
      const file = `${backup.file}-${toHex(randomBytes(4))}`;
      await writeFile(file, bytes);
      await expect(readBackup(file, backup.key), name).rejects.toMatchObject({ code });
    }
  });

  it("reads every table that there is", async () => {
    const listed = await withClient(practice.ownerUrl, async (client) => {
      await beginMoment(client);
      const names: string[] = [];
      for await (const { entry, bytes } of dumpTables(client)) {
        names.push(entry.name);
        for await (const _ of bytes);
      }
      return names;
    });
    const there = await practice.owner<{ name: string }>(
      "select 'public.' || tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migration'",
    );
    expect(listed.toSorted()).toEqual(there.map(({ name }) => name).toSorted());
  });
});

describe("nothing that was revoked comes back to life", () => {
  it("people, roles, tokens, tablets and passkeys stay as they were when the practice was lost", async () => {
    const leaver = await practice.addPerson("leaver", ["front-desk"]);
    const narrowed = await practice.addPerson("narrowed", ["front-desk", "nurse"]);
    const careful = await practice.addPerson("careful", ["front-desk"]);
    await practice.owner("update app_user set must_change = true where id = $1", [careful]);
    const chosen = "mended-kettle-harbor-41";
    const lostTablet = await practice.signIn("frontdesk");
    const ids = { revoked: newId(), kept: newId() };
    for (const id of [ids.revoked, ids.kept])
      await practice.owner(
        `insert into token(id, purpose, scopes, created_at, expires_at) values ($1, 'test', '{ops:metrics}', now(), now() + interval '9 days')`,
        [id],
      );
    const service = (id: string) =>
      practice.practice.tokens.sign("service", { sub: "test", jti: id }, 86_400);
    const lease = newId();
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute(
        `insert into slot_lease(id, clinician_id, start, minutes, lane, device_id, until, status)
         values (?, ?, now() + interval '1 day', 15, 0, ?, now() + interval '2 days', 'held')`,
        [lease, people.clinician, lostTablet.deviceId],
      );
      audit({ actor: { type: "system", id: "test" }, action: "slot-lease.granted", outcome: "ok" });
    });
    const backup = await backUp(practice);

    const it_ = await practice.signIn("security");
    expect(
      (await practice.request(it_, "POST", `/api/users/${leaver}/disable`, { reason: "left" })).status,
    ).toBe(204);
    expect((await practice.request(it_, "POST", `/api/tokens/${ids.revoked}/revoke`, {})).status).toBe(204);
    expect((await practice.request(it_, "POST", `/api/devices/${lostTablet.deviceId}/wipe`, {})).status).toBe(
      204,
    );
    const late = await practice.signIn("frontdesk2");
    expect((await practice.request(it_, "POST", `/api/devices/${late.deviceId}/revoke`, {})).status).toBe(
      204,
    );
    const choice = { username: "careful", password: trialPassword, newPassword: chosen };
    expect((await practice.request(null, "POST", "/api/session/password", choice)).status).toBe(204);
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update staff set roles = '{front-desk}', version = version + 1 where id = ?", [
        narrowed,
      ]);
      audit({ actor: { type: "system", id: "test" }, action: "staff.role_removed", outcome: "ok" });
    });

    const { practice: again, recovered } = await restored(backup);
    expect(recovered).toMatchObject({
      disabledAgain: 1,
      rolesTaken: 1,
      passwordsBrought: 1,
      tokensRevokedAgain: 1,
      devicesRevokedAgain: 2,
    });
    await expect(again.signIn("leaver")).rejects.toThrow("wrong_credentials");
    expect((await again.signIn("narrowed")).user.roles).toEqual(["front-desk"]);
    const withPassword = async (password: string) => {
      const device = { id: newId(), name: "test" };
      return (await again.request(null, "POST", "/api/session", { username: "careful", password, device }))
        .body.code;
    };
    expect(await withPassword(trialPassword)).toBe("wrong_credentials");
    expect(await withPassword(chosen)).toBeUndefined();
    const metrics = async (id: string) =>
      (await again.request(`Bearer ${await service(id)}`, "GET", "/metrics")).body?.code;
    expect(await metrics(ids.revoked)).toBe("token_revoked");
    expect(await metrics(ids.kept)).toBe("token_unconfirmed");
    await expect(again.signIn("frontdesk", { device: lostTablet.deviceId })).rejects.toThrow("device_wiped");
    // The times that it might promise are everybody's again.
    expect(await again.owner("select status from slot_lease where id = $1", [lease])).toEqual([
      { status: "ended" },
    ]);
    // A tablet that enrolled after the backup is unknown to it, and is no new one all the same.
    await expect(again.signIn("frontdesk2", { device: late.deviceId })).rejects.toThrow("device_revoked");

    const security = await again.signIn("security");
    const engineer = await again.signIn("it");
    const confirm = `/api/tokens/${ids.kept}/confirm`;
    expect((await again.request(engineer, "POST", confirm, {})).body.code).toBe("forbidden");
    expect((await again.request(security, "POST", confirm, {})).status).toBe(204);
    expect(await metrics(ids.kept)).toBeUndefined();
    expect((await again.audit()).at(-1)).toMatchObject({ action: "token.confirmed" });
  });

  it("a record number that was given to one patient is never given to another", async () => {
    const backup = await backUp(practice);
    const desk = await practice.signIn("frontdesk");
    const register = (session: typeof desk, id: string) =>
      mutation(session, 1, "patient.register", {
        id,
        givenName: "Ana",
        familyName: "Given",
        preferredName: "",
        birthDate: "1961-03-09",
        sex: "female",
        phone: "",
      });
    const number = async (of: TestPractice, id: string) =>
      (await of.owner<{ record_number: string }>("select record_number from patient where id = $1", [id]))[0]!
        .record_number;
    const id = newId();
    await practice.push(desk, [register(desk, id)]);
    const given = await number(practice, id);
    for (const mirror of [undefined, null] as const) {
      const { practice: again } = await restored(backup, mirror);
      const other = newId();
      const session = await again.signIn("frontdesk");
      await again.push(session, [register(session, other)]);
      expect((await number(again, other)) > given, String(mirror)).toBe(true);
    }
  });
});
