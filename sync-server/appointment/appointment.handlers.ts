import { can } from "#domain/access/can.ts";
import {
  type Appointment,
  appointment,
  holdsSlot,
  mayFollow,
  statusBefore,
  tooEarly,
} from "#domain/appointment/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { now } from "#domain/kernel/clock.ts";
import { PatientEntity } from "#server/patient/index.ts";
import { endLeases } from "#server/slot-lease/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { endCallBacks } from "#server/task/index.ts";
import { VisitTypeEntity } from "#server/visit-type/index.ts";
import { AppointmentEntity } from "./appointment.entity.ts";
import { laneFor, type Slot } from "./slot.ts";

async function present({ load }: Pick<HandlerContext<Appointment>, "load">) {
  const row = await load();
  if (!row) throw new DomainError("missing_parent");
  return row;
}

/**
 * Refuses what only the day itself can bring. By the later of two clocks, the device's at the step and the clinic's now: a
 * tablet whose clock is wrong, or whose work arrives days late, is never refused for that.
 */
function assertDayBegan(
  status: Appointment["status"],
  appointment: Pick<Appointment, "start">,
  { practice, stamp }: Pick<HandlerContext, "practice" | "stamp">,
): void {
  const at = Math.max(Date.parse(stamp.at), now());
  if (tooEarly(status, appointment, practice.info.zone, at)) throw new DomainError("day_not_begun");
}

/** Moves the status forward, or refuses when the appointment has already moved on. */
const advance = (status: Appointment["status"]) => async (context: HandlerContext<Appointment>) => {
  const row = await present(context);
  if (row.status === status) return;
  if (!mayFollow(row.status, status)) throw new DomainError("status_not_forward");
  assertDayBegan(status, row, context);
  await context.save(context.apply(row)!);
};

type Booking = Slot & { readonly overbookReason: string };

/**
 * A reason to overbook asks for the right to do so; without one a full slot is refused. What the device held of the time
 * is used up.
 */
async function lane({ practice, tx, user }: HandlerContext<Appointment>, args: Booking): Promise<number> {
  const overbook = args.overbookReason !== "";
  const actor = { type: "user" as const, ...user };
  if (overbook && !can(actor, "schedule:overbook").allowed) throw new DomainError("forbidden");
  const { deviceId } = user;
  const given = await laneFor(tx.em, practice.info.zone, args, { overbook, deviceId });
  await endLeases(tx, given.leases, "used", { actor });
  // Whoever was to be called about a lost time has one now.
  await endCallBacks(tx, args.id, actor);
  return given.lane;
}

/** Nobody is booked who is dead, merged or not active. */
async function assertBookable({ tx }: Pick<HandlerContext, "tx">, patientId: string): Promise<void> {
  const patient = await tx.em.findOne(PatientEntity, { id: patientId });
  if (!patient) throw new DomainError("missing_parent");
  if (!patient.active || patient.deceasedOn || patient.mergedInto) throw new DomainError("not_bookable");
}

async function book(
  context: HandlerContext<Appointment, Booking & { patientId: string; visitTypeId: string }>,
): Promise<void> {
  const { tx, args, load, apply, save } = context;
  if (await load()) throw new DomainError("already_exists");
  await assertBookable(context, args.patientId);
  const visitType = await tx.em.findOne(VisitTypeEntity, { id: args.visitTypeId });
  if (!visitType) throw new DomainError("missing_parent");
  if (!visitType.active) throw new DomainError("not_bookable");
  const next = apply(undefined)!;
  assertDayBegan(next.status, next, context);
  await save({ ...next, lane: await lane(context as never, args) });
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
      await endCallBacks(context.tx, row.id, { type: "user", ...context.user });
    },
    /**
     * A no-show or a cancellation gave its slot away; taking it back needs the slot, or a reason as any other booking, and
     * somebody who can still be booked.
     */
    undo: async (context) => {
      const row = await present(context);
      if (!statusBefore(row)) throw new DomainError("step_not_undoable");
      const next = context.apply(row)!;
      if (holdsSlot(row.status)) return void (await context.save(next));
      if (row.status === "cancelled") await assertBookable(context, row.patientId);
      await context.save({ ...next, lane: await lane(context as never, row) });
    },
  },
});
