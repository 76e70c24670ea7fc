import type { Practice } from "./practice.ts";

/** Something of which each open practice has its own, made at the first need and gone with the practice. */
export function perPractice<T>(make: (practice: Practice) => T): (practice: Practice) => T {
  const made = new WeakMap<Practice, { readonly own: T }>();
  return (practice) => {
    const known = made.get(practice) ?? { own: make(practice) };
    made.set(practice, known);
    return known.own;
  };
}
