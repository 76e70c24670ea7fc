export { AppointmentEntity } from "./appointment.entity.ts";
