import { useLingui } from "@lingui/react";
import { useEffect, useMemo, useRef } from "react";
import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { timeText } from "#pwa/language/language.ts";
import { local, mutate } from "#pwa/local/index.ts";
import { takenSlot, type WantedSlot } from "./free-times.ts";
import { leaseFor, promisesOf } from "./leases.ts";
import { promiseText } from "./promise.tsx";
import type { Clinic, ClinicDay } from "./use-clinic.ts";

export interface Booking extends Omit<WantedSlot, "id"> {
  readonly patientId: string;
  readonly visitTypeId: string;
  readonly reason: string;
  /** Empty unless a taken time is booked on purpose. */
  readonly overbookReason: string;
  readonly walkIn: boolean;
  /** Who waited for such a time, if the booking answers that. */
  readonly waitListId: string | null;
}

type Steps = "confirm" | "checkIn" | "finish" | "miss";

/** Everything the desk does with appointments, each said in words and, where it can be, taken back with one tap. */
export interface Desk {
  book(booking: Booking, id?: string): Promise<string>;
  /** Resolves to whether it was written, as a cancellation does: what was typed for it stays until then. */
  move(from: Appointment, to: Omit<WantedSlot, "id">, overbookReason?: string): Promise<boolean>;
  step(appointment: Appointment, step: Steps, name: string): Promise<void>;
  room(appointment: Appointment, roomId: string | null, name: string): Promise<void>;
  undo(appointment: Appointment, name: string): Promise<void>;
  cancel(appointment: Appointment, reason: string, name: string): Promise<boolean>;
}

/** The day on the screen: it tells whether a time that was given away is still free. */
export interface DeskDay {
  readonly day: ClinicDay;
  /** The time of an appointment that should be put back is somebody else's meanwhile; nothing was changed. */
  onTaken(appointment: Appointment, nearest: readonly string[]): void;
}

export function useDesk(clinic: Clinic, deskDay?: DeskDay): Desk {
  const { i18n } = useLingui();
  const { zone, rooms } = clinic;
  // One tap takes back what was done a while ago: it has to see the day as it is then.
  const latest = useRef({ clinic, deskDay });
  useEffect(() => {
    latest.current = { clinic, deskDay };
  });
  return useMemo(() => {
    /** What could not be written is said; nothing was changed then. */
    const tell = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        say(errorText(error));
        throw error;
      }
    };
    const written = (work: () => Promise<void>) =>
      tell(work).then(
        () => true,
        () => false,
      );
    const quietly = async (work: () => Promise<void>) => void (await written(work));
    /** Whether it was taken back; a taken time is told instead, with the free ones beside it. */
    const undo = async (id: string): Promise<boolean> => {
      const { clinic: now, deskDay: shown } = latest.current;
      const one = shown?.day.appointments.find((row) => row.id === id);
      if (shown && one && !holdsSlot(one.status) && one.overbookReason === "") {
        const taken = takenSlot(now, shown.day, one);
        if (taken) {
          shown.onTaken(one, taken.nearest);
          return false;
        }
      }
      await mutate("appointment.undo", { id });
      return true;
    };
    /** Offline, what to tell the patient stands beside what was done. */
    const told = (id: string, time: Omit<WantedSlot, "id">, words: string): string => {
      if (local().connection.get().offlineSince === null) return words;
      const { clinic: now, deskDay: shown } = latest.current;
      const { appointments = [], promised = [] } = shown?.day ?? {};
      const { left } = promisesOf(
        now.leases,
        appointments,
        [...promised].filter((one) => one !== id),
      );
      return `${words} ${promiseText(i18n, leaseFor(left, time) ? "sure" : "unsure")}.`;
    };
    const takeBack = (id: string) => () => quietly(async () => void (await undo(id)));
    const entered = i18n._("Entered by mistake");
    const unbook = (id: string) => () =>
      quietly(async () => void (await mutate("appointment.cancel", { id, cancelReason: entered })));
    return {
      async book({ walkIn, waitListId, ...booking }, id = newId()) {
        await tell(async () => {
          await mutate(walkIn ? "appointment.walkIn" : "appointment.book", { id, ...booking });
          if (waitListId) await mutate("wait-list.fulfil", { id: waitListId, appointmentId: id });
          const time = timeText(booking.start, zone);
          const words = walkIn
            ? i18n._("Walk-in at {time}.", { time })
            : told(id, booking, i18n._("Booked at {time}.", { time }));
          // Who was taken from the wait list would wait for nothing afterwards.
          say(words, waitListId ? undefined : unbook(id));
        });
        return id;
      },
      move: (from, { clinicianId, start, minutes }, overbookReason = "") =>
        written(async () => {
          const { id } = from;
          await mutate("appointment.move", { id, clinicianId, start, minutes, overbookReason });
          const words =
            from.start === start && from.clinicianId === clinicianId
              ? i18n._("Now {minutes, plural, one {# minute} other {# minutes}}.", { minutes })
              : told(
                  id,
                  { clinicianId, start, minutes },
                  i18n._("Moved to {time}.", { time: timeText(start, zone) }),
                );
          say(words, () =>
            mutate("appointment.move", {
              id,
              clinicianId: from.clinicianId,
              start: from.start,
              minutes: from.minutes,
              overbookReason: from.overbookReason,
            }),
          );
        }),
      step: ({ id }, step, name) =>
        quietly(async () => {
          await mutate(`appointment.${step}`, { id });
          const words = {
            confirm: i18n._("{name}: confirmed.", { name }),
            checkIn: i18n._("{name} is here.", { name }),
            finish: i18n._("{name}: done.", { name }),
            miss: i18n._("{name} did not come.", { name }),
          }[step];
          say(words, step === "finish" ? undefined : takeBack(id));
        }),
      room: ({ id }, roomId, name) =>
        quietly(async () => {
          await mutate("appointment.room", { id, roomId });
          const room = rooms.find((one) => one.id === roomId)?.name ?? i18n._("a room");
          say(i18n._("{name} is in {room}.", { name, room }), takeBack(id));
        }),
      undo: ({ id }, name) =>
        quietly(async () => {
          if (await undo(id)) say(i18n._("{name}: last step taken back.", { name }));
        }),
      cancel: ({ id }, cancelReason, name) =>
        written(async () => {
          await mutate("appointment.cancel", { id, cancelReason });
          say(i18n._("{name}: appointment cancelled.", { name }), takeBack(id));
        }),
    };
  }, [i18n, zone, rooms]);
}
