export { assertColleague, takeItemBack } from "./hand-over.ts";
export { openItem, openReason } from "./items.ts";
