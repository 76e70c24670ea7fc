export { carryOutMerge } from "./merge.ts";
export { mergeDifferenceOf } from "./merge-difference.ts";
export { markRequest } from "./pending.ts";
