import { createValue } from "#pwa/local/value.ts";

/** Grows with each decision made here, so that what counts them looks again at once. */
export const decisions = createValue(0);
export const reviewChanged = (): void => decisions.set(decisions.get() + 1);
