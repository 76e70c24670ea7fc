export {
  freedSlots,
  freeTimes,
  takenSlot,
} from "./board/free-times.ts";
export { type Clinic, useClinic, usePatients } from "./board/use-clinic.ts";
export { type Desk, useDesk } from "./board/use-desk.ts";
