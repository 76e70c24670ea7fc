export { resetFactor, resettable } from "./factor-reset.ts";
export { hashPassword } from "./password.ts";
export { changeOneTimePassword, newOneTimePassword } from "./password-change.ts";
export { assertGoodPassword } from "./password-rules.ts";
export { confirmPassword } from "./re-authentication.ts";
