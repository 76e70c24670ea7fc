import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { type PasswordFault, passwordLength } from "#domain/access/account.ts";
import { DomainError } from "#domain/errors/catalog.ts";

/** Whose password it is: words that stand in no list and that somebody who knows the person tries first. */
export interface PasswordOwner {
  readonly username: string;
  readonly name: string;
  readonly practice: string;
}

/** Characters that are looked at: what begins well stays good, and the time for a look grows with the length. */
const LOOKED_AT = 64;
/**
 * Scores of the estimator, 0 to 4. Alone a password has to stand 10^8 guesses (3), since a stolen hash can be tried without
 * throttling; beside a second factor 10^6 (2).
 */
const enough = { alone: 3, besideFactor: 2 } as const;
/** Known from the comic about good passwords, so that no list of single words finds it. */
const famous = ["correcthorsebatterystaple"];
const productWords = ["jamemr"];

let estimator: Promise<ZxcvbnFactory> | null = null;

/** Half a megabyte of guessed passwords, read when the first password is chosen. */
const loadEstimator = (): Promise<ZxcvbnFactory> => {
  estimator ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]).then(
    ([core, { dictionary, adjacencyGraphs }]) =>
      new core.ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: LOOKED_AT }),
  );
  return estimator;
};

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Words of three letters or more: a name of two is in too many words. */
const ownWords = ({ username, name, practice }: PasswordOwner): string[] =>
  [username, name, practice, ...productWords]
    .flatMap((text) => [lettersOf(text), ...text.toLowerCase().split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length > 2)
    .sort((a, b) => b.length - a.length);

/** @returns how many code points a password has, in the form in which it is hashed */
export const lengthOf = (password: string): number => [...password.normalize("NFC")].length;

/** Whether it counts only beside a second factor. */
export const isShort = (password: string): boolean => lengthOf(password) < passwordLength.alone;

/** @returns what is wrong with a new password, or null */
export async function faultOf(
  password: string,
  owner: PasswordOwner,
  hasFactor: boolean,
): Promise<PasswordFault | null> {
  const length = lengthOf(password);
  if (length < (hasFactor ? passwordLength.besideFactor : passwordLength.alone)) return "short";
  if (length > passwordLength.most) return "long";
  const looked = [...password.normalize("NFC")].slice(0, LOOKED_AT).join("");
  const least = isShort(password) ? enough.besideFactor : enough.alone;
  const letters = lettersOf(looked);
  if (famous.some((one) => letters.includes(one))) return "common";
  const check = await loadEstimator();
  const { score, sequence } = check.check(looked);
  if (score < least) return sequence.some(({ pattern }) => pattern === "dictionary") ? "common" : "pattern";
  const rest = ownWords(owner).reduce((left, word) => left.replaceAll(word, ""), letters);
  return rest !== letters && check.check(rest).score < least ? "own" : null;
}

/** @throws {DomainError} weak_password, with the reason */
export async function assertGoodPassword(
  password: string,
  owner: PasswordOwner,
  hasFactor: boolean,
): Promise<void> {
  const fault = await faultOf(password, owner, hasFactor);
  const shortest = hasFactor ? passwordLength.besideFactor : passwordLength.alone;
  if (fault) throw new DomainError("weak_password", { fault, shortest });
}
