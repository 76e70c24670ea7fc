import { Navigate } from "@tanstack/react-router";
import { can } from "#domain/access/can.ts";
import { TodayPage } from "#pwa/appointment/today.page.tsx";
import { useSession } from "#pwa/local/index.ts";
import { placesOf } from "./places.ts";

/** Where those who have no schedule do their day's work: practice IT sees what is wrong, officers see who did what. */
const beginAt: readonly string[] = ["/sync-dashboard", "/audit"];

/** The first screen: Today, or for a role without a schedule the place where its work begins. */
export function Home() {
  const { user } = useSession();
  const places = user ? placesOf(user) : [];
  const first = places.find(({ to }) => beginAt.includes(to)) ?? places[0];
  const scheduled =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "schedule:read").allowed;
  if (first && !scheduled && first.to !== "/") return <Navigate to={first.to} replace />;
  return <TodayPage />;
}
