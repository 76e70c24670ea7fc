export { allergySlice } from "./allergy.handlers.ts";
