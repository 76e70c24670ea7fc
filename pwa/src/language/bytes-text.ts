import type { I18n } from "@lingui/core";

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** `3.4 GB` */
export function bytesText(i18n: I18n, bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return i18n.number(bytes / 1000 ** power, {
    style: "unit",
    unit: units[power]!,
    maximumFractionDigits: power > 2 ? 1 : 0,
  });
}
