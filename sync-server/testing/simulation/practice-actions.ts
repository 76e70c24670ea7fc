import type { Role } from "#domain/access/roles.ts";
import type { Approval } from "#domain/approval/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { carryOut } from "#server/approval/carry-out.ts";
import { askForWipe } from "#server/device/lost-device.ts";
import type { Principal } from "#server/identity/principal.ts";
import { trialId } from "#server/practice/trial/trial-practice.ts";
import type { Random } from "./random.ts";
import type { PlayedServer } from "./server.ts";
import { pairPatients, vaultPatients } from "./world.ts";

const actor = { type: "system" as const, id: "simulator" };

/** Gives both patients of the pair the same new phone in one commit: nobody may ever see only one of them. */
export async function changePair(server: PlayedServer, chance: number): Promise<void> {
  await server.practice.ledger.transact(async ({ em, audit }) => {
    for (const id of pairPatients)
      await em.execute("update patient set phone = ?, version = version + 1 where id = ?", [
        `pair ${chance}`,
        id,
      ]);
    audit({ actor, action: "patient.updated", outcome: "ok" });
  });
}

/** Shuts a person out or lets them in again, as the routes and the approval of it do. Returns when, in the log. */
export async function setDisabled(server: PlayedServer, username: string, disabled: boolean) {
  const userId = trialId("staff", username);
  const { seq } = await server.practice.ledger.transact(async ({ em, audit }) => {
    const at = disabled ? instantNow() : null;
    await em.execute("update app_user set disabled_at = ? where id = ?", [at, userId]);
    await em.execute("update staff set active = ?, version = version + 1 where id = ?", [!disabled, userId]);
    if (disabled)
      await em.execute(
        "update session set ended_at = ?, end_reason = 'disabled' where user_id = ? and ended_at is null",
        [at, userId],
      );
    const resource = { type: "staff", id: userId };
    audit({ actor, action: disabled ? "staff.disabled" : "staff.enabled", outcome: "ok", resource });
  });
  return { userId, seq };
}

export async function rolesOf({ practice }: PlayedServer, username: string): Promise<readonly Role[]> {
  const [row]: { roles: Role[] }[] = await practice.database.em
    .fork()
    .execute("select roles from staff where id = ?", [trialId("staff", username)]);
  return row?.roles ?? [];
}

/** Gives a person a role or takes it away, as an approved request does. Returns when, in the log. */
export async function changeRole(
  { practice }: PlayedServer,
  username: string,
  kind: "role.grant" | "role.remove",
  role: Role,
) {
  const userId = trialId("staff", username);
  const { seq } = await practice.ledger.transact((tx) =>
    carryOut(practice, tx, { id: newId(), payload: { kind, userId, role } } as Approval, simulator("admin")),
  );
  return { userId, seq };
}

const simulator = (username: string): Principal => ({
  actor: { type: "user", id: trialId("staff", username), role: "practice-it", deviceId: null },
  audit: actor,
  name: "simulator",
  roles: ["practice-it"],
});

export async function knowsDevice({ practice }: PlayedServer, deviceId: string): Promise<boolean> {
  const rows = await practice.database.em.fork().execute("select from device where id = ?", [deviceId]);
  return rows.length > 0;
}

/** IT asks for a device to be wiped, as its route does. Returns when, in the log. */
export async function wipeDevice({ practice }: PlayedServer, deviceId: string): Promise<number> {
  await askForWipe({ practice, principal: simulator("it"), requestId: deviceId }, deviceId);
  const [row]: { seq: string }[] = await practice.database.em.fork().execute(
    `select max(seq) as seq from audit_log where body::jsonb ->> 'action' = 'device.wipe_requested'
       and body::jsonb -> 'resource' ->> 'id' = ?`,
    [deviceId],
  );
  return Number(row?.seq);
}

/** Files a recording under another patient, as after a mix-up: its row leaves one stream and joins another. */
export async function refile(server: PlayedServer, random: Random): Promise<boolean> {
  const em = server.practice.database.em.fork();
  const recordings: { id: string; patient_id: string }[] = await em.execute(
    "select id, patient_id from recording order by id",
  );
  const patients: { patient_id: string }[] = await em.execute(
    "select distinct patient_id from appointment where not (patient_id = any(?::uuid[])) order by patient_id",
    [`{${vaultPatients.join(",")}}`],
  );
  if (recordings.length === 0) return false;
  const { id, patient_id: from } = random.pick(recordings);
  const others = patients.filter(({ patient_id }) => patient_id !== from);
  if (others.length === 0) return false;
  const to = random.pick(others).patient_id;
  await server.practice.ledger.transact(async (tx) => {
    await tx.em.execute("update recording set patient_id = ?, version = version + 1 where id = ?", [to, id]);
    tx.audit({
      actor,
      action: "patient.updated",
      outcome: "ok",
      resource: { type: "recording", id },
      patientId: to,
    });
  });
  return true;
}
