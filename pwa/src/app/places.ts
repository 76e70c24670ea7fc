import { IconCalendarEvent, IconChecklist, IconDeviceTablet, IconShieldCheck } from "@tabler/icons-react";
import { can } from "#domain/access/can.ts";
import type { PermissionName } from "#domain/access/permissions.ts";
import type { Role } from "#domain/access/roles.ts";

const places = [
  { to: "/", label: /*i18n*/ "Today", icon: IconCalendarEvent, permission: "schedule:read" },
  { to: "/tasks", label: /*i18n*/ "Tasks", icon: IconChecklist, permission: "task:use" },
  { to: "/audit", label: /*i18n*/ "Audit", icon: IconShieldCheck, permission: "audit:search" },
  { to: "/devices", label: /*i18n*/ "Devices", icon: IconDeviceTablet, permission: "ops:read" },
] as const satisfies readonly { to: string; label: string; icon: unknown; permission: PermissionName }[];

/** The places that a person's role opens, in the order of the navigation. */
export const placesOf = ({ id, role }: { readonly id: string; readonly role: Role }) =>
  places.filter(({ permission }) => can({ type: "user", id, role, deviceId: null }, permission).allowed);
