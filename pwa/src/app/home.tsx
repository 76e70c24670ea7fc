import { Navigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import { TodayPage } from "#pwa/appointment/today.page.tsx";
import { useSession } from "#pwa/local/index.ts";
import { placesOf } from "./places.ts";

/** The first screen: Today, or for a role without a schedule the first of its places. */
export function Home() {
  const { user } = useSession();
  const first = user && placesOf(user)[0];
  const scheduled =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "schedule:read").allowed;
  if (first && !scheduled && first.to !== "/") return <Navigate to={first.to} replace />;
  return <TodayPage />;
}
