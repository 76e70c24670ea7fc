import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import type { Appointment } from "#domain/appointment/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { say } from "#pwa/design/toast.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { timeText } from "#pwa/language/language.ts";
import { mutate } from "#pwa/local/index.ts";
import type { WantedSlot } from "./free-times.ts";
import type { Clinic } from "./use-clinic.ts";

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
  move(from: Appointment, to: Omit<WantedSlot, "id">, overbookReason?: string): Promise<void>;
  step(appointment: Appointment, step: Steps, name: string): Promise<void>;
  room(appointment: Appointment, roomId: string | null, name: string): Promise<void>;
  undo(appointment: Appointment, name: string): Promise<void>;
  cancel(appointment: Appointment, reason: string, name: string): Promise<void>;
}

export function useDesk({ zone, rooms }: Pick<Clinic, "zone" | "rooms">): Desk {
  const { i18n } = useLingui();
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
    const quietly = (work: () => Promise<void>) => tell(work).catch(() => {});
    const takeBack = (id: string) => () => mutate("appointment.undo", { id });
    return {
      async book({ walkIn, waitListId, ...booking }, id = newId()) {
        await tell(async () => {
          await mutate(walkIn ? "appointment.walkIn" : "appointment.book", { id, ...booking });
          if (waitListId) await mutate("wait-list.fulfil", { id: waitListId, appointmentId: id });
          const time = timeText(booking.start, zone);
          say(walkIn ? i18n._("Walk-in at {time}.", { time }) : i18n._("Booked at {time}.", { time }));
        });
        return id;
      },
      move: (from, { clinicianId, start, minutes }, overbookReason = "") =>
        quietly(async () => {
          const { id } = from;
          await mutate("appointment.move", { id, clinicianId, start, minutes, overbookReason });
          const words =
            from.start === start && from.clinicianId === clinicianId
              ? i18n._("Now {minutes} minutes.", { minutes })
              : i18n._("Moved to {time}.", { time: timeText(start, zone) });
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
          await mutate("appointment.undo", { id });
          say(i18n._("{name}: last step taken back.", { name }));
        }),
      cancel: ({ id }, cancelReason, name) =>
        quietly(async () => {
          await mutate("appointment.cancel", { id, cancelReason });
          say(i18n._("{name}: appointment cancelled.", { name }));
        }),
    };
  }, [i18n, zone, rooms]);
}
