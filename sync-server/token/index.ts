export { revokeOwnedTokens } from "./revoke-owned.ts";
export { type NewToken, registerToken } from "./service-token.ts";
