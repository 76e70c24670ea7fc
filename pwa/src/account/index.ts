export { AccountParts } from "./account-parts.tsx";
export { CodeField } from "./code-field.tsx";
export { passwordHint, passwordText } from "./password-words.ts";
export { SessionRow } from "./session-row.tsx";
