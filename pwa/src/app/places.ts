import {
  IconActivityHeartbeat,
  IconBuildingHospital,
  IconCalendarEvent,
  IconChecklist,
  IconDeviceTablet,
  IconHourglass,
  IconId,
  IconInbox,
  IconKey,
  IconLayoutColumns,
  IconLifebuoy,
  IconListCheck,
  IconShieldCheck,
  IconShieldLock,
  IconUsers,
} from "@tabler/icons-react";
import { can } from "#domain/access/can.ts";
import type { PermissionName } from "#domain/access/permissions.ts";
import type { Role } from "#domain/access/roles.ts";

const places = [
  { to: "/", label: /*i18n*/ "Today", icon: IconCalendarEvent, permission: "schedule:read" },
  { to: "/tasks", label: /*i18n*/ "Tasks", icon: IconListCheck, permission: "task:use" },
  { to: "/board", label: /*i18n*/ "Board", icon: IconLayoutColumns, permission: "schedule:read" },
  { to: "/patients", label: /*i18n*/ "Patients", icon: IconUsers, permission: "demographics:read" },
  { to: "/review", label: /*i18n*/ "Review", icon: IconInbox, permission: "quarantine:decide" },
  { to: "/wait-list", label: /*i18n*/ "Wait list", icon: IconHourglass, permission: "schedule:read" },
  { to: "/practice", label: /*i18n*/ "Practice", icon: IconBuildingHospital, permission: "directory:write" },
  {
    to: "/sync-dashboard",
    label: /*i18n*/ "Dashboard",
    icon: IconActivityHeartbeat,
    permission: "ops:retry",
  },
  { to: "/people", label: /*i18n*/ "People", icon: IconId, permission: "user:read" },
  { to: "/approvals", label: /*i18n*/ "Approvals", icon: IconChecklist, permission: "approval:read" },
  { to: "/tokens", label: /*i18n*/ "Tokens", icon: IconKey, permission: "token:read" },
  {
    to: "/emergency-access",
    label: /*i18n*/ "Emergencies",
    icon: IconLifebuoy,
    permission: "emergency:review",
  },
  {
    to: "/break-glass",
    label: /*i18n*/ "Broken glass",
    icon: IconShieldLock,
    permission: "break-glass:review",
  },
  { to: "/audit", label: /*i18n*/ "Audit", icon: IconShieldCheck, permission: "audit:search" },
  { to: "/devices", label: /*i18n*/ "Devices", icon: IconDeviceTablet, permission: "ops:read" },
] as const satisfies readonly { to: string; label: string; icon: unknown; permission: PermissionName }[];

/** Places that a role has no use for, although it may go there: the desk's day is the board, clinicians book on it. */
const beside: Partial<Record<Role, readonly (typeof places)[number]["to"][]>> = {
  "front-desk": ["/"],
  // A clinician asks for a merge once in a while; the patient's banner leads to the request.
  clinician: ["/wait-list", "/approvals"],
  nurse: ["/wait-list"],
  // Her day begins with the people of the practice; the board shows her the day's visits.
  administrator: ["/", "/wait-list"],
};

/** What a role is there for comes first, where that is another order than everybody's. */
const first: Partial<Record<Role, readonly (typeof places)[number]["to"][]>> = {
  administrator: ["/people", "/practice", "/approvals", "/tasks"],
  // What tells of itself stays in sight.
  "privacy-officer": ["/patients", "/approvals", "/emergency-access", "/break-glass", "/audit"],
};

/** The places that a person's role opens, in the order of the navigation. */
export const placesOf = ({ id, role }: { readonly id: string; readonly role: Role }) => {
  const open = places.filter(
    ({ to, permission }) =>
      !beside[role]?.includes(to) && can({ type: "user", id, role, deviceId: null }, permission).allowed,
  );
  const leading = (first[role] ?? []).flatMap((to) => open.filter((place) => place.to === to));
  return [...leading, ...open.filter((place) => !leading.includes(place))];
};
