export { AppointmentEntity } from "./appointment.entity.ts";
export { freeTimes } from "./slot.ts";
