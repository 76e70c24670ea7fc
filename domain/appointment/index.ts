import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { appointmentMutations } from "./appointment.mutations.ts";
import { appointmentSchema } from "./appointment.schema.ts";

export {
  appointmentEnd,
  holdsSlot,
  mayFollow,
  mayHappen,
  roomsByWriting,
  statusBefore,
  tooEarly,
} from "./appointment.rules.ts";
export {
  type Appointment,
  type AppointmentStatus,
  appointmentSchema,
  appointmentStatuses,
} from "./appointment.schema.ts";
export {
  capacityAt,
  freeLane,
  type HeldTime,
  type Hours,
  nearestFree,
  slotLanes,
  slotReach,
  workedSpans,
  worksOn,
} from "./slot.rules.ts";

export const appointment = defineCollection({
  name: "appointment",
  fhir: "Appointment",
  schema: appointmentSchema,
  stream: () => streams.schedule,
  local: "appointment",
  permissions: { read: "schedule:read", write: "schedule:write" },
  mutations: appointmentMutations,
  conflict: "server",
});
