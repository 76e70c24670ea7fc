import type { Area } from "./expectation.ts";

export const outcomes = ["passed", "failed", "not applicable"] as const;
export type Outcome = (typeof outcomes)[number];

export interface Judged {
  readonly id: string;
  readonly area: Area;
  readonly expected: string;
  readonly happened: string;
  readonly outcome: Outcome;
  /** Numbers of the audit records that the answers named. */
  readonly auditRecords: readonly number[];
}

/** What one run found; the JSON file is exactly this. */
export interface SelfTestReport {
  /** Of this report's shape. */
  readonly format: 1;
  readonly url: string;
  /** Null when nobody was signed in. */
  readonly practice: { readonly id: string; readonly name: string; readonly trial: boolean } | null;
  /** Of the self-test that judged. */
  readonly version: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly passed: boolean;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly expectations: readonly Judged[];
}

export const countOutcomes = (judged: readonly Judged[]): Record<Outcome, number> =>
  Object.fromEntries(
    outcomes.map((outcome) => [outcome, judged.filter((one) => one.outcome === outcome).length]),
  ) as Record<Outcome, number>;
