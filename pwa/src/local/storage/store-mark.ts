import * as z from "zod";
import { lostStoreSchema } from "#domain/operations/dashboard.ts";

/** What the clinic would be told, and for the person at the tablet how many changes were not sent. */
const standingSchema = lostStoreSchema.extend({ waiting: z.int().min(0) });
export type Standing = z.infer<typeof standingSchema>;

const markSchema = z.strictObject({
  /** The device that this browser is. */
  own: standingSchema.nullable(),
  /** The devices that it was, until the clinic has been told. */
  lost: z.array(standingSchema),
});

/** Where the mark is kept: apart from the store, so that it may outlive it. */
export interface MarkPlace {
  read(): string | null;
  write(text: string | null): void;
}

const KEY = "jamemr-store";

/** Numbers and random ids only, so that it may lie open. A browser without room or permission has none. */
export const browserMark: MarkPlace = {
  read() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  },
  write(text) {
    try {
      if (text === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, text);
    } catch {
      // the clinic still knows what the device last reported
    }
  },
};

function readMark(place: MarkPlace): z.infer<typeof markSchema> {
  try {
    return markSchema.parse(JSON.parse(place.read() ?? ""));
  } catch {
    return { own: null, lost: [] };
  }
}

/** What was lost with the stores of the devices that this browser was before: the mark names others than the store does. */
export function lostBefore(place: MarkPlace, deviceId: string | null): readonly Standing[] {
  const { own, lost } = readMark(place);
  return own && deviceId !== null && own.deviceId !== deviceId ? [...lost, own] : lost;
}

/** Notes how this device stands; what was lost before it stays until {@link forgetLost}. */
export function noteStanding(place: MarkPlace, own: Standing): void {
  place.write(JSON.stringify({ own, lost: lostBefore(place, own.deviceId) }));
}

export function forgetLost(place: MarkPlace, deviceId: string): void {
  const { own, lost } = readMark(place);
  const left = lost.filter((one) => one.deviceId !== deviceId);
  place.write(JSON.stringify({ own: own?.deviceId === deviceId ? null : own, lost: left }));
}
