import type { I18n } from "@lingui/core";
import { vitalCodes, vitalSign } from "#domain/code-set/index.ts";
import type { Units } from "./units.ts";

export type VitalKey = keyof typeof vitalCodes;

/** In the order of the form: what a nurse takes at every visit comes first. */
export const fieldOrder = [
  "systolic",
  "diastolic",
  "pulse",
  "temperature",
  "oxygen",
  "weight",
  "height",
  "breathing",
  "pain",
  "glucose",
  "head",
] as const satisfies readonly VitalKey[];
export type FieldKey = (typeof fieldOrder)[number];

/** Which choice of the device a field follows. */
export const unitChoice: Partial<Record<VitalKey, keyof Units>> = {
  temperature: "temperature",
  weight: "weight",
  height: "length",
  head: "length",
};

/** The unit in which a vital sign is shown and typed on this device. */
export function unitOf(key: VitalKey, units: Units): string {
  const choice = unitChoice[key];
  return choice ? units[choice] : (vitalSign(vitalCodes[key])?.unit ?? "");
}

export const vitalName = (i18n: I18n, key: VitalKey): string =>
  ({
    systolic: i18n._("Systolic"),
    diastolic: i18n._("Diastolic"),
    pulse: i18n._("Pulse"),
    breathing: i18n._("Breathing"),
    temperature: i18n._("Temperature"),
    oxygen: i18n._("Oxygen saturation"),
    weight: i18n._("Weight"),
    height: i18n._("Height"),
    head: i18n._("Head circumference"),
    pain: i18n._("Pain (0 to 10)"),
    bmi: i18n._("Body mass index"),
    glucose: i18n._("Glucose, fingerstick"),
  })[key];

/**
 * Whether no other digit can follow: the cursor then moves on. "98.6" is complete, "98" may become "98.6"; "80" is, "11"
 * may become "118". Where it is not certain, Enter or Tab moves on.
 */
export function isComplete(key: FieldKey, text: string): boolean {
  switch (key) {
    case "systolic":
    case "pulse":
      return /^(?:\d{3}|[4-9]\d)$/.test(text);
    case "diastolic":
      return /^(?:\d{3}|[3-9]\d)$/.test(text);
    case "oxygen":
      return /^(?:100|[2-9]\d)$/.test(text);
    case "temperature":
      return /^\d{2,3}[.,]\d$/.test(text);
    default:
      return false;
  }
}

/** A typed number; null for nothing, NaN for what is none. */
export function numberOf(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return null;
  return /^\d{1,4}(?:\.\d{1,3})?$/.test(plain) ? Number(plain) : Number.NaN;
}
