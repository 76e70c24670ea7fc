import { ApiError } from "../../session/api-error.ts";
import type { Local } from "../local.ts";
import { soonest } from "../soonest.ts";
import { forgetLost, lostBefore, type MarkPlace, noteStanding } from "./store-mark.ts";

/** Milliseconds from a change until it is noted, and until the clinic is told again. */
const SOON = 500;
const AGAIN = 30_000;

/** Tells the clinic which devices this browser was. It may not know one, or have been told: then that is that. */
async function tellOfLoss(local: Local, place: MarkPlace, deviceId: string): Promise<void> {
  for (const { waiting: _, ...body } of lostBefore(place, deviceId)) {
    if (local.connection.get().offlineSince !== null) return;
    try {
      await local.ask("/api/devices/lost-store", { method: "POST", body, answer: null });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "not_found") throw error;
    }
    forgetLost(place, body.deviceId);
  }
}

/**
 * Keeps beside the store how far this device has come, so that whoever finds the store gone can say what was in it. Returns
 * what ends it.
 */
export function markStanding(local: Local, place: MarkPlace): () => void {
  const look = async () => {
    const { state, deviceId } = local.session.get();
    if (state !== "unlocked" || deviceId === null) return;
    const items = local.outbox.get();
    const refused = items.filter(({ status }) => status === "refused").length;
    const seen = {
      waiting: items.length - refused + local.ofOthers.get(),
      refused,
      recordings: local.recordings.get().length,
    };
    // After them: the clinic counts by the newest change, so what is noted as waiting must be among them.
    noteStanding(place, { deviceId, clients: [...(await local.newest())], ...seen });
    await tellOfLoss(local, place, deviceId);
  };
  const next = soonest(() => void look().catch(() => next.in(AGAIN)));
  const watched = [local.session, local.outbox, local.recordings, local.connection];
  const ends = watched.map((value) => value.subscribe(() => next.in(SOON)));
  next.in(0);
  return () => {
    next.cancel();
    for (const end of ends) end();
  };
}
