export { voidBreakGlass } from "./end.ts";
export { waitingGlasses } from "./waiting.ts";
