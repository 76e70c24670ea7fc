import { every, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { mutationSchema, type PushedMutation, type PushResult } from "#domain/sync/protocol.ts";
import { isUnavailable, repeatTransient } from "#server/database/database-error.ts";
import { holdMergeLinks } from "#server/patient/index.ts";
import { perPractice } from "#server/practice/per-practice.ts";
import type { Practice } from "#server/practice/practice.ts";
import { lockClient } from "./client.ts";
import { heldAs } from "./held.ts";
import { type PushContext, settleOne } from "./push.ts";
import { principalOf, senderOf } from "./sender.ts";
import { sharedQuestion } from "./shared-question.ts";

/** How long work waits for what it belongs to, in milliseconds: as long as tablets keep what they had sent. */
const PATIENCE = 7 * 86_400_000;

interface Held {
  readonly client_id: string;
  readonly n: string;
  readonly code: string;
  readonly sealed: Buffer;
  readonly overdue: boolean;
}

/**
 * Tries again what was given back too early, as long as that gets any further: each in a transaction of its own, in the
 * order of its client's numbers, by the rights of now. What nothing came for in seven days is judged like any other work.
 */
export const settleHeld = (practice: Practice): Promise<void> => settling(practice)();

/** After a push or a delivery: what it brought may be what others wait for. */
export async function settledWith(practice: Practice, answer: PushResult): Promise<PushResult> {
  const brought = answer.results.some(({ status }) => status === "applied" || status === "conflict");
  // It was carried out whatever becomes of the others.
  if (brought && (await practice.recovering()))
    await settleHeld(practice).catch((error: unknown) =>
      practice.log.error(
        { err: error instanceof Error ? error.message : "unknown" },
        "held work not settled",
      ),
    );
  return answer;
}

const settling = perPractice((practice) => sharedQuestion(() => settleAll(practice)));

async function settleAll(practice: Practice): Promise<void> {
  for (let further = true; further; ) {
    further = false;
    const held: Held[] = await practice.database.em
      .fork()
      .execute(
        "select client_id, n, code, sealed, held_at < ? as overdue from held_mutation order by client_id, n",
        [instant(now() - PATIENCE)],
      );
    for (const one of held) if (await settleOrLeave(practice, one)) further = true;
  }
}

/** One that cannot be settled, for whatever reason, keeps no other waiting. @returns whether it has a final result now */
async function settleOrLeave(practice: Practice, one: Held): Promise<boolean> {
  try {
    return await repeatTransient(() => settleAgain(practice, one));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    practice.log.error(
      { err: error instanceof Error ? error.message : "unknown", client: one.client_id, n: Number(one.n) },
      "held work not settled",
    );
    return false;
  }
}

/** @returns whether it has a final result now */
async function settleAgain(
  practice: Practice,
  { client_id, n, code, sealed, overdue }: Held,
): Promise<boolean> {
  const sender = await senderOf(practice, client_id);
  if (!sender) return false;
  const text = practice.keys.openForPractice(sealed, heldAs(client_id, Number(n))).toString();
  const mutation: PushedMutation = mutationSchema.parse(JSON.parse(text));
  const yields = code === "yields_to_others" ? [mutation.n] : [];
  const context: PushContext = {
    practice,
    principal: principalOf(sender),
    clientId: client_id,
    requestId: newId(),
    ...(!overdue && { givenBack: { from: 1, through: mutation.n, decided: [], yields } }),
  };
  const stillWaiting = new Error("still waiting");
  try {
    await practice.ledger.transact(
      async (tx) => {
        const client = await lockClient(tx.em, context.principal, client_id);
        const [there] = await tx.em.execute(
          "delete from held_mutation where client_id = ? and n = ? returning 1",
          [client_id, n],
        );
        if (!there) throw stillWaiting;
        await tx.em.execute("savepoint mutation");
        const outcome = await settleOne(context, tx, client, mutation, await holdMergeLinks(tx.em));
        if (outcome.status === "held") throw stillWaiting;
        return outcome;
      },
      ({ status, code, detail }) => ({
        sql: `with s as (select $seal as seq)
          update sync_mutation set status = ?, result = ?::jsonb, seq = s.seq from s
          where client_id = ?::uuid and n = ? returning s.seq`,
        params: [status, JSON.stringify({ code, detail }), client_id, n],
      }),
    );
    return true;
  } catch (error) {
    if (error === stillWaiting) return false;
    throw error;
  }
}

/** Milliseconds between two looks at what waits. */
const LOOK_EVERY = 10 * 60_000;

/** Judges what nothing came for, while the server runs. Returns what ends it. */
export const keepHeldSettled = (practice: Practice): (() => void) =>
  every(LOOK_EVERY, () =>
    settleHeld(practice).catch((error: unknown) =>
      practice.log.error(
        { err: error instanceof Error ? error.message : "unknown" },
        "held work not settled",
      ),
    ),
  );
