import { createHash } from "node:crypto";
import { instantNow, now, randomBytes } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Ledger } from "#server/database/ledger.ts";
import { OperationError } from "#server/operations/operation-error.ts";

/** Crockford's: without letters that look like digits. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 125 bits: neither the address nor a stolen hash lets anybody find one by trying. */
const LENGTH = 25;
/** In milliseconds. */
const LIFE = 72 * 3_600_000;

export interface IssuedCode {
  readonly code: string;
  readonly expiresAt: string;
}

const newCode = (): string => {
  const text = [...randomBytes(LENGTH)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return text.match(/.{5}/g)!.join("-");
};

/** @returns the hash under which a code is stored, however it was typed; null when it is none */
export function setUpHash(typed: string): Buffer | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  if (!/^[0-9A-HJKMNP-TV-Z]{25}$/.test(text)) return null;
  return createHash("sha256").update(`set-up|${text}`).digest();
}

/** Holds the practice for the transaction, so that it is entered, named and opened by one at a time. */
export async function lockPractice(
  em: EntityManager,
): Promise<{ readonly id: string; readonly trial: boolean; readonly open: boolean }> {
  const [row]: { id: string; trial: boolean; open: boolean }[] = await em.execute(
    "select id, trial, opened_at is not null as open from practice for update",
  );
  if (!row) throw new OperationError("init_unfinished");
  return row;
}

export async function hasPeople(em: EntityManager): Promise<boolean> {
  const people: unknown[] = await em.execute("select 1 from app_user limit 1");
  return people.length > 0;
}

/**
 * Makes the code with which the first administrator enters; the one before works no more. It is told once, here.
 * @throws {OperationError} `init_trial`, `init_entered`
 */
export async function issueSetUpCode(ledger: Ledger): Promise<IssuedCode> {
  const code = newCode();
  const expiresAt = instant(now() + LIFE);
  await ledger.transact(async ({ em, audit }) => {
    const practice = await lockPractice(em);
    if (practice.trial) throw new OperationError("init_trial");
    if (await hasPeople(em)) throw new OperationError("init_entered");
    await em.execute("update set_up_code set ended_at = ? where ended_at is null", [instantNow()]);
    await em.execute("insert into set_up_code(hash, made_at, expires_at) values (?, ?, ?)", [
      setUpHash(code),
      instantNow(),
      expiresAt,
    ]);
    audit({
      actor: { type: "system", id: "jamemr" },
      action: "set-up.code_made",
      outcome: "ok",
      resource: { type: "practice", id: practice.id },
    });
  });
  return { code, expiresAt };
}
