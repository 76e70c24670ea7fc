export { hashPassword } from "./password.ts";
export { changeOneTimePassword, confirmPassword, newOneTimePassword } from "./password-change.ts";
