export { assertAddress } from "./address.ts";
export { askToCallBack, endCallBacks } from "./call-back.ts";
