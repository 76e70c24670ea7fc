export { noteNewest, openLosses } from "./lost-store.ts";
