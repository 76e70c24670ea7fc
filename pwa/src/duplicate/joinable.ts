/** The lists whose entries merging can make into duplicates. */
export type JoinableKind = "allergy" | "medication" | "problem";

/** An entry as the question about two of them shows it. */
export interface JoinableEntry {
  readonly id: string;
  readonly patientId: string;
  readonly title: string;
  /** The change of it that is on the screen. */
  readonly seen: string;
  readonly verification: "confirmed" | "reported";
  readonly recordedBy: string;
  readonly recordedAt: string;
  /** Label and words, in the same order for both. */
  readonly facts: readonly (readonly [string, string])[];
  /** Why it cannot be put aside now. */
  readonly stays?: string;
}
