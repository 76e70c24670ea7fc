export { isInSetUp } from "./state.ts";
