import { createHash } from "node:crypto";
import { recoveryCodeCount } from "#domain/access/account.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { EntityManager } from "#server/database/database.ts";

/** Crockford's: without letters that look like digits. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 80 bits: from a stolen hash nobody finds one by trying. */
const LENGTH = 16;

const newCode = (): string => {
  const text = [...randomBytes(LENGTH)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return text.match(/.{4}/g)!.join("-");
};

/** @returns the code as it was issued, however it was typed; null when it is none */
export function recoveryCodeIn(typed: string): string | null {
  const text = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(text) ? text : null;
}

export const recoveryHash = (userId: string, code: string): Buffer =>
  createHash("sha256")
    .update(`${userId}|${code.replaceAll("-", "")}`)
    .digest();

/** The codes that were there before work no more. @returns the new ones, which are told once */
export async function issueRecoveryCodes(em: EntityManager, userId: string): Promise<string[]> {
  await replaceRecoveryCodes(em, userId);
  const codes = Array.from({ length: recoveryCodeCount }, newCode);
  for (const code of codes)
    await em.execute("insert into recovery_code(id, user_id, hash, created_at) values (?, ?, ?, ?)", [
      newId(),
      userId,
      recoveryHash(userId, code),
      instantNow(),
    ]);
  return codes;
}

export const replaceRecoveryCodes = (em: EntityManager, userId: string): Promise<unknown> =>
  em.execute(
    "update recovery_code set replaced_at = ? where user_id = ? and used_at is null and replaced_at is null",
    [instantNow(), userId],
  );
