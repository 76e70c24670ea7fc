import { type Appointment, appointment, mayFollow } from "#domain/appointment/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { AppointmentEntity } from "./appointment.entity.ts";
import { assertFree } from "./slot.ts";

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

export const appointmentSlice = defineSlice({
  collection: appointment,
  entity: AppointmentEntity,
  handlers: {
    book: async ({ tx, args, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      await assertFree(tx.em, args);
      await save(apply(undefined)!);
    },
    move: async (context) => {
      const row = await present(context);
      if (row.status !== "booked" && row.status !== "confirmed") throw new DomainError("status_not_forward");
      await assertFree(context.tx.em, context.args);
      await context.save(context.apply(row)!);
    },
    checkIn: advance("arrived"),
    cancel: async (context) => {
      // `encounter.start` locks the appointment too: of the two, the one that comes second is refused.
      const row = await present(context);
      const started = await context.tx.em.execute("select 1 from encounter where appointment_id = ?", [
        row.id,
      ]);
      if (started.length > 0) throw new DomainError("status_not_forward");
      await advance("cancelled")(context);
    },
  },
});
