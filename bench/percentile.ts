/** The value below which 95 of 100 samples lie. */
export const percentile95 = (samples: readonly number[]): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)];
  if (value === undefined) throw new RangeError("no samples");
  return value;
};
