import { can } from "#domain/access/can.ts";
import { TodayPage } from "#pwa/appointment/today.page.tsx";
import { useSession } from "#pwa/local/index.ts";
import { GoTo } from "./go-to.tsx";
import { placesOf } from "./places.ts";

/** Where practice IT and the officers do their day's work: what is wrong, and who did what. */
const beginAt: readonly string[] = ["/sync-dashboard", "/audit"];

/** The first screen: Today, or for a role whose work is not the day's visits the place where it begins. */
export function Home() {
  const { user } = useSession();
  const places = user ? placesOf(user) : [];
  const first = places.find(({ to }) => beginAt.includes(to)) ?? places[0];
  const day =
    user &&
    user.role !== "administrator" &&
    can({ type: "user", id: user.id, role: user.role, deviceId: null }, "schedule:read").allowed;
  if (first && !day && first.to !== "/") return <GoTo to={first.to} />;
  return <TodayPage />;
}
