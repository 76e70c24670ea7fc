import { poolOf } from "#domain/access/scope.ts";
import { type Appointment, appointment } from "#domain/appointment/index.ts";
import type { ErrorCode } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { dateIn, instantSchema } from "#domain/kernel/instant.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { type CallBack, callBackIdOf, lostHold } from "#domain/task/index.ts";
import { AppointmentEntity, freeTimes } from "#server/appointment/index.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";
import { TaskEntity } from "./task.entity.ts";

interface Refused {
  readonly code: ErrorCode;
  /** What the refusal's own record says. */
  readonly base: Omit<AuditEntry, "action" | "outcome"> & { readonly deviceSeq?: number };
}

/**
 * A booking or move that was promised and cannot be kept becomes a task to call the patient: of the front desk where the
 * desk promised it, else of whoever did. One for each appointment, so that who changed their mind twice is called once.
 * @returns the task's id; null where the refusal is another one
 */
export async function askToCallBack(
  tx: LedgerTransaction,
  zone: string,
  mutation: PushedMutation,
  { code, base }: Refused,
): Promise<string | null> {
  const change = lostHold(mutation.name, code);
  const lost = change && (await lostAppointment(tx, mutation, change));
  if (!lost) return null;
  const { patientId, ...hold } = lost;
  const slot = { ...hold, id: hold.appointmentId };
  const callBack = { ...hold, times: await freeTimes(tx.em, zone, slot, base.actor.deviceId ?? "") };
  const [open]: { id: string }[] = await tx.em.execute(
    "select id from task where call_back->>'appointmentId' = ? and status = 'open' for update",
    [hold.appointmentId],
  );
  const id = open?.id ?? callBackIdOf(mutation.id);
  if (open)
    await tx.em.execute("update task set call_back = ?::jsonb, version = version + 1 where id = ?", [
      JSON.stringify(callBack),
      id,
    ]);
  else {
    const desk = poolOf[mutation.role] === "front-desk";
    tx.em.create(TaskEntity, {
      id,
      kind: "administrative",
      title: "Call back about an appointment",
      details: "",
      patientId,
      assigneeId: desk ? null : mutation.actor,
      pool: desk ? "front-desk" : null,
      dueOn: dateIn(zone),
      callBack,
      status: "open",
      createdBy: mutation.actor,
      createdAt: instantNow(),
      closedBy: null,
      closedAt: null,
    } as never);
    await tx.em.flush();
    tx.em.clear();
  }
  const { deviceSeq: _, ...by } = base;
  const resource = { type: "task", id };
  tx.audit({ ...by, action: "task.call_back_asked", outcome: "ok", reason: code, patientId, resource });
  return id;
}

type Lost = Omit<CallBack, "times"> & { readonly patientId: string };

type Standing = Pick<
  Appointment,
  "id" | "patientId" | "clinicianId" | "visitTypeId" | "start" | "minutes" | "reason"
>;

/** What was promised; null where the appointment itself is not there. */
async function lostAppointment(
  { em }: LedgerTransaction,
  mutation: PushedMutation,
  change: CallBack["change"],
): Promise<Lost | null> {
  const promisedAt = instantSchema.parse(mutation.at);
  const lost = ({ id, patientId, clinicianId, visitTypeId, start, minutes, reason }: Standing): Lost => ({
    appointmentId: id,
    change,
    clinicianId,
    visitTypeId,
    start,
    minutes,
    reason,
    promisedAt,
    patientId,
  });
  if (change === "book" || change === "walkIn")
    return lost(appointment.mutations.book.args.parse(mutation.args));
  const standing = await em.findOne(
    AppointmentEntity,
    { id: mutation.args.id },
    { disableIdentityMap: true },
  );
  if (!standing) return null;
  const moved = change === "move" ? appointment.mutations.move.args.parse(mutation.args) : standing;
  const { clinicianId, start, minutes } = moved;
  return lost({ ...standing, clinicianId, start, minutes });
}

/** The patient of an appointment has a time now, or wants none: nobody needs to be called about it. */
export async function endCallBacks(
  { em, audit }: LedgerTransaction,
  appointmentId: string,
  actor: AuditEntry["actor"],
): Promise<void> {
  const ended: { id: string; patient_id: string }[] = await em.execute(
    `update task set status = 'done', closed_by = ?, closed_at = ?, version = version + 1
     where call_back->>'appointmentId' = ? and status = 'open' returning id, patient_id`,
    [actor.id, instantNow(), appointmentId],
  );
  for (const { id, patient_id: patientId } of ended)
    audit({ actor, action: "task.completed", outcome: "ok", patientId, resource: { type: "task", id } });
}
