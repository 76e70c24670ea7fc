import type { Answered } from "./server.ts";
import type { Tester } from "./tester.ts";

export const areas = {
  transport: "Transport",
  interface: "What the server offers",
  roles: "Each role against each operation",
  permissions: "Each role against each permission",
  desk: "The front desk against everything clinical and every AI path",
  approvals: "Approvals",
  tokens: "Tokens that must not work",
  sessions: "Sessions",
  audit: "Audit log",
  closing: "What the self-test leaves",
} as const;
export type Area = keyof typeof areas;

/** What was seen when an expectation was played. */
export interface Happened {
  readonly holds: boolean;
  /** Never what stood in an answer, only its status and code. */
  readonly words: string;
  /** Numbers of the audit records that the answers named. */
  readonly records?: readonly number[];
}

/** One boundary, and the call that shows whether it holds. */
export interface Expectation {
  /** Stays the same from version to version, so that reports can be compared. */
  readonly id: string;
  readonly area: Area;
  readonly expected: string;
  /** @throws {NotApplicable} */
  play(tester: Tester): Promise<Happened>;
}

/** This practice, or this way to reach it, does not have what would be tried. */
export class NotApplicable extends Error {
  constructor(why: string) {
    super(why);
    this.name = "NotApplicable";
  }
}

/** `403 forbidden` */
export const statusOf = ({ status, code }: Pick<Answered, "status" | "code">): string =>
  code === undefined ? String(status) : `${status} ${code}`;

export const recordsOf = (answers: readonly Answered[]): number[] =>
  answers.flatMap(({ auditSeq }) => (auditSeq === undefined ? [] : [auditSeq]));

/** What an answer has to be; with `recorded` it also has to name its audit record. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly recorded: boolean;
}

/** An answer to HEAD has no body, so neither code nor number. */
export const isRefused = (answer: Answered, { status, code, recorded }: Refusal): boolean =>
  answer.status === status &&
  (answer.method === "HEAD" ||
    (answer.code === code && (!recorded || answer.auditSeq !== undefined) && answer.problem));

export const refused = (answer: Answered, refusal: Refusal): Happened => ({
  holds: isRefused(answer, refusal),
  words: `${statusOf(answer)}${
    refusal.recorded && answer.method !== "HEAD" && answer.auditSeq === undefined ? ", without a record" : ""
  }`,
  records: recordsOf([answer]),
});

/** The same refusal of several calls; names those that were answered in another way. */
export function allRefused(
  answers: readonly (Answered & { readonly call: string })[],
  refusal: Refusal,
): Happened {
  const others = answers.filter((answer) => !isRefused(answer, refusal));
  const named = others.slice(0, 5).map((answer) => `${answer.call}: ${refused(answer, refusal).words}`);
  const more = others.length > named.length ? ` and ${others.length - named.length} more` : "";
  return {
    holds: others.length === 0 && answers.length > 0,
    words: `${answers.length - others.length} of ${answers.length} refused with ${refusal.status} ${refusal.code}${
      named.length > 0 ? `; not ${named.join(", ")}${more}` : ""
    }`,
    records: recordsOf(answers),
  };
}

/** A fact that holds or not. */
export const seen = (holds: boolean, words: string, answers: readonly Answered[] = []): Happened => ({
  holds,
  words,
  records: recordsOf(answers),
});
