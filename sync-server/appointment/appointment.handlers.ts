import { can } from "#domain/access/can.ts";
import {
  type Appointment,
  appointment,
  holdsSlot,
  mayFollow,
  statusBefore,
} from "#domain/appointment/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { PatientEntity } from "#server/patient/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { VisitTypeEntity } from "#server/visit-type/index.ts";
import { AppointmentEntity } from "./appointment.entity.ts";
import { laneFor, type Slot } from "./slot.ts";

async function present({ load }: Pick<HandlerContext<Appointment>, "load">) {
  const row = await load();
  if (!row) throw new DomainError("missing_parent");
  return row;
}

/** Moves the status forward, or refuses when the appointment has already moved on. */
const advance = (status: Appointment["status"]) => async (context: HandlerContext<Appointment>) => {
  const row = await present(context);
  if (row.status === status) return;
  if (!mayFollow(row.status, status)) throw new DomainError("status_not_forward");
  await context.save(context.apply(row)!);
};

type Booking = Slot & { readonly overbookReason: string };

/** A reason to overbook asks for the right to do so; without one a full slot is refused. */
function lane({ practice, tx, user }: HandlerContext<Appointment>, args: Booking): Promise<number> {
  const overbook = args.overbookReason !== "";
  const actor = { type: "user" as const, id: user.id, role: user.role, deviceId: user.deviceId };
  if (overbook && !can(actor, "schedule:overbook").allowed) throw new DomainError("forbidden");
  return laneFor(tx.em, practice.info.zone, args, { overbook });
}

async function book(
  context: HandlerContext<Appointment, Booking & { patientId: string; visitTypeId: string }>,
): Promise<void> {
  const { tx, args, load, apply, save } = context;
  if (await load()) throw new DomainError("already_exists");
  const patient = await tx.em.findOne(PatientEntity, { id: args.patientId });
  const visitType = await tx.em.findOne(VisitTypeEntity, { id: args.visitTypeId });
  if (!patient || !visitType) throw new DomainError("missing_parent");
  if (!patient.active || patient.deceasedOn || patient.mergedInto || !visitType.active)
    throw new DomainError("not_bookable");
  await save({ ...apply(undefined)!, lane: await lane(context as never, args) });
}

export const appointmentSlice = defineSlice({
  collection: appointment,
  entity: AppointmentEntity,
  history: true,
  handlers: {
    book,
    walkIn: book,
    move: async (context) => {
      const row = await present(context);
      if (row.status !== "booked" && row.status !== "confirmed") throw new DomainError("status_not_forward");
      await context.save({ ...context.apply(row)!, lane: await lane(context as never, context.args) });
    },
    confirm: advance("confirmed"),
    checkIn: advance("arrived"),
    room: advance("roomed"),
    finish: advance("done"),
    miss: advance("no-show"),
    cancel: async (context) => {
      // `encounter.start` locks the appointment too: of the two, the one that comes second is refused.
      const row = await present(context);
      const started = await context.tx.em.execute("select 1 from encounter where appointment_id = ?", [
        row.id,
      ]);
      if (started.length > 0) throw new DomainError("status_not_forward");
      await advance("cancelled")(context);
    },
    /** A no-show gave its slot away; taking it back needs the slot, or a reason as any other booking. */
    undo: async (context) => {
      const row = await present(context);
      if (!statusBefore(row)) throw new DomainError("step_not_undoable");
      const next = context.apply(row)!;
      await context.save(holdsSlot(row.status) ? next : { ...next, lane: await lane(context as never, row) });
    },
  },
});
