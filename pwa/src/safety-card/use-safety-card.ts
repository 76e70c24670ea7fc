import { type SafetyCard, safetyCardIdOf } from "#domain/safety-card/index.ts";
import { useRow, useSurvivor } from "#pwa/local/index.ts";

/** The short form of a chart that every clinical tablet holds (C03); of a merged record it is the survivor's. */
export const useSafetyCard = (patientId: string): SafetyCard | undefined =>
  useRow("safety-card", safetyCardIdOf(useSurvivor(patientId))).row;
