export { type NewToken, registerToken } from "./service-token.ts";
