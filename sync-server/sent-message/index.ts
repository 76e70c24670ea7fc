export { keepSentCopy } from "./sent-copy.ts";
