/**
 * How full a tablet's storage may get, as shares of what the browser gives: from `warn` on people are told, from `shed` on
 * charts that nobody needs today are put away, from `full` on no new recording begins. Unsent work is never put away.
 */
export const storageMarks = { warn: 0.7, shed: 0.8, full: 0.9 } as const;

export const storageLevels = ["plenty", "warn", "shed", "full"] as const;
export type StorageLevel = (typeof storageLevels)[number];

/** What a browser says of its storage, in bytes. */
export interface Room {
  readonly used: number;
  readonly quota: number;
  /** It refused to write for lack of room a short while ago. */
  readonly refused?: boolean;
}

/**
 * Chromium tells every page of a quota that it never reaches (10 GiB above what is used), so that it tells nothing of the
 * device. There only a refusal says that the storage is full. A browser that tells no quota is taken for one with room.
 */
export const shareUsed = ({ used, quota, refused }: Room): number =>
  refused ? 1 : quota > 0 ? used / quota : 0;

export function storageLevel(room: Room): StorageLevel {
  const share = shareUsed(room);
  if (share >= storageMarks.full) return "full";
  if (share >= storageMarks.shed) return "shed";
  return share >= storageMarks.warn ? "warn" : "plenty";
}
