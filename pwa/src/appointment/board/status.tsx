import type { useLingui } from "@lingui/react";
import {
  type Icon,
  IconCalendar,
  IconCalendarCheck,
  IconCalendarX,
  IconCheck,
  IconDoor,
  IconUserCheck,
  IconUserX,
} from "@tabler/icons-react";
import type { AppointmentStatus } from "#domain/appointment/index.ts";

type I18n = ReturnType<typeof useLingui>["i18n"];

/** Each status has a shape of its own besides its colour and word. */
export const statusIcon: Readonly<Record<AppointmentStatus, Icon>> = {
  booked: IconCalendar,
  confirmed: IconCalendarCheck,
  arrived: IconUserCheck,
  roomed: IconDoor,
  done: IconCheck,
  "no-show": IconUserX,
  cancelled: IconCalendarX,
};

export function statusText(i18n: I18n, status: AppointmentStatus): string {
  const words: Record<AppointmentStatus, string> = {
    booked: i18n._("Booked"),
    confirmed: i18n._("Confirmed"),
    arrived: i18n._("Arrived"),
    roomed: i18n._("In a room"),
    done: i18n._("Done"),
    "no-show": i18n._("Did not come"),
    cancelled: i18n._("Cancelled"),
  };
  return words[status];
}
