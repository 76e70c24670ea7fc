export { CallBackNotice, isLostTime, type LostTime } from "./board/call-back.tsx";
export { usualHours } from "./board/day-frame.ts";
export {
  freedSlots,
  freeTimes,
  takenSlot,
} from "./board/free-times.ts";
export { type Clinic, useClinic, usePatients } from "./board/use-clinic.ts";
export { type Desk, useDesk } from "./board/use-desk.ts";
