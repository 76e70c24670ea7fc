export { heldOnDevices } from "./held-on-devices.ts";
export { noteNewest, openLosses } from "./lost-store.ts";
