import { asksForDecision } from "./review.ts";
import type { ReviewItem } from "./review-items.ts";

/** What one person wrote on one device about one patient, in the order in which it was written. */
export interface ReviewGroup {
  readonly key: string;
  readonly items: readonly [ReviewItem, ...ReviewItem[]];
}

/** Milliseconds within which a tablet delivers what it held: parts that were decided meanwhile stay beside the others. */
const DELIVERY = 3_600_000;

/** Items with the same key are decided together. What is about no patient stands for itself. */
export const groupKeyOf = ({
  id,
  authorId,
  deviceId,
  patientId,
  handedTo,
}: Pick<ReviewItem, "id" | "authorId" | "deviceId" | "patientId" | "handedTo">): string =>
  [authorId, deviceId, patientId ?? id, handedTo ?? ""].join(" ");

export const isOpen = ({ name, decision }: Pick<ReviewItem, "name" | "decision">): boolean =>
  decision === null && asksForDecision(name);

const groupOf = (key: string, items: readonly ReviewItem[]): ReviewGroup[] => {
  const [first, ...rest] = items.toSorted((a, b) => a.n - b.n);
  return first ? [{ key, items: [first, ...rest] }] : [];
};

/**
 * Puts together what belongs together. A group waits as long as somebody has to decide about a part of it; what of the same
 * delivery is decided, or needs nobody, stays beside it.
 */
export function groupReview(items: readonly ReviewItem[]): {
  readonly waiting: readonly ReviewGroup[];
  readonly past: readonly ReviewGroup[];
} {
  const groups = [...Map.groupBy(items, groupKeyOf)].map(([key, own]) => {
    const open = own.filter(isOpen);
    const received = open.map(({ receivedAt }) => Date.parse(receivedAt));
    const isNear = ({ receivedAt }: ReviewItem) =>
      received.some((at) => Math.abs(at - Date.parse(receivedAt)) <= DELIVERY);
    const [beside, past] = [own.filter(isNear), own.filter((item) => !isNear(item))];
    return { waiting: groupOf(key, beside), past: groupOf(key, past) };
  });
  return {
    waiting: groups.flatMap(({ waiting }) => waiting),
    past: groups.flatMap(({ past }) => past),
  };
}
