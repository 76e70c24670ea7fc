export { assertAddress } from "./address.ts";
