export { type ChartList, chartLists, type ListState, listState } from "./chart-list.ts";
export {
  duplicateFields,
  type Join,
  type Joinable,
  joined,
  joinFields,
  sameThing,
  separated,
  twiceListed,
} from "./duplicate.ts";
export {
  changeOf,
  type Fact,
  factFields,
  factNote,
  lastChangeSchema,
  recordedBy,
  seenSchema,
  verifiedBy,
} from "./fact.ts";
export { type Move, moved, moveSchema } from "./move.ts";
