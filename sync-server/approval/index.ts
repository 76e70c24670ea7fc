export { assertNotLast } from "./difference.ts";
