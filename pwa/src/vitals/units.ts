import { useSyncExternalStore } from "react";
import { createValue } from "#pwa/local/value.ts";

/** UCUM units that people may choose between. */
export interface Units {
  readonly temperature: "[degF]" | "Cel";
  readonly weight: "[lb_av]" | "kg";
  readonly length: "[in_i]" | "cm";
}

const key = "jamemr-units";
const usual: Units = { temperature: "[degF]", weight: "[lb_av]", length: "[in_i]" };

function remembered(): Units {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Units>) };
  } catch {
    return usual;
  }
}

const units = createValue<Units | null>(null);

/** The units of this device: a habit of the exam room, not of a chart. */
export function useUnits(): Units {
  return useSyncExternalStore(units.subscribe, units.get) ?? remembered();
}

export function chooseUnits(change: Partial<Units>): void {
  const next = { ...(units.get() ?? remembered()), ...change };
  units.set(next);
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing still shows what was chosen until the page is closed.
  }
}

const written: Readonly<Record<string, string>> = {
  "mm[Hg]": "mmHg",
  "/min": "/min",
  "[degF]": "°F",
  Cel: "°C",
  "[lb_av]": "lb",
  "[in_i]": "in",
  "{score}": "/10",
  "kg/m2": "kg/m²",
};

/** A UCUM unit as people read it. */
export const unitText = (unit: string): string => written[unit] ?? unit;
