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
