import { errorCatalog } from "#domain/errors/catalog.ts";
import { isOwnHand } from "#domain/sync/review.ts";
import { isOpen } from "#domain/sync/review-groups.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { ApiError } from "#pwa/local/index.ts";

type Part = Pick<ReviewItem, "id" | "name" | "after" | "decision">;

/** Why a part was not taken over with the others. */
export type Left = { readonly refused: unknown } | "waits" | "own-hand";

export interface TakenOver {
  /** By the part's id: those that nobody has decided yet, with why. */
  readonly left: ReadonlyMap<string, Left>;
  /** Why it was broken off before its end. What was not tried simply goes on waiting. */
  readonly stopped: unknown;
}

/** The clinic looked at this one and said no; anything else says nothing about it. */
const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status !== 401 && error.status < 500 && !errorCatalog[error.code].retry;

const isDecided = (error: unknown): boolean =>
  error instanceof ApiError && error.code === "quarantine_decided";

/**
 * Takes the parts over one after the other, in the order in which they were written: each is a decision of its own at the
 * clinic. What is refused stays, and with it what builds on it; the rest goes into the record.
 */
export async function takeOverTogether(
  parts: readonly Part[],
  takeOver: (id: string) => Promise<unknown>,
  onDone: (id: string) => void = () => {},
): Promise<TakenOver> {
  const left = new Map<string, Left>();
  for (const { id, name, after } of parts.filter(isOpen)) {
    if (isOwnHand(name)) left.set(id, "own-hand");
    else if (after !== null && left.has(after)) left.set(id, "waits");
    else
      try {
        await takeOver(id);
        onDone(id);
      } catch (error) {
        if (isDecided(error)) continue; // by a colleague, meanwhile
        if (!isRefusal(error)) return { left, stopped: error };
        left.set(id, error.code === "quarantine_earlier_first" ? "waits" : { refused: error });
      }
  }
  return { left, stopped: null };
}

/** Discards the parts, first what builds on the others. Done again after a failure, it goes on with what is left. */
export async function discardTogether(
  parts: readonly Part[],
  discard: (id: string) => Promise<unknown>,
): Promise<void> {
  for (const { id } of parts.filter(isOpen).reverse())
    await discard(id).catch((error: unknown) => {
      if (!isDecided(error)) throw error;
    });
}
