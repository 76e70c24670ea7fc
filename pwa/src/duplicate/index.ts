export { BackOnTheList } from "./back-on-the-list.tsx";
export type { JoinableEntry, JoinableKind } from "./joinable.ts";
export { TwiceBadge, TwiceListedRows } from "./twice-listed.tsx";
