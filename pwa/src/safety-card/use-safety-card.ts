import { type SafetyCard, safetyCardIdOf } from "#domain/safety-card/index.ts";
import { useRow } from "#pwa/local/index.ts";

/** What is known of every active patient on every clinical tablet (C03). */
export const useSafetyCard = (patientId: string): SafetyCard | undefined =>
  useRow("safety-card", safetyCardIdOf(patientId)).row;
