import { can } from "#domain/access/can.ts";
import type { PermissionName } from "#domain/access/permissions.ts";
import { useSession } from "#pwa/local/index.ts";

/** Whether the person may do this in the role they work in now. The clinic asks the same again. */
export function useMay(): (permission: PermissionName) => boolean {
  const { user } = useSession();
  return (permission) =>
    user !== null && can({ type: "user", id: user.id, role: user.role, deviceId: null }, permission).allowed;
}
