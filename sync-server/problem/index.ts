export { problemSlice } from "./problem.handlers.ts";
