export { staffText, useStaffName } from "./staff-name.ts";
export { WhoWhen } from "./who-when.tsx";
