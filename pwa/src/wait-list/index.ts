export { fits } from "./offers.ts";
export { useWaiting } from "./use-waiting.ts";
export { type FreeSlot, WaitListPanel } from "./wait-list-panel.tsx";
