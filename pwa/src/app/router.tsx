import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { TodayPage } from "#pwa/appointment/today.page.tsx";
import { NotFound } from "./not-found.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const today = createRoute({ getParentRoute: () => root, path: "/", component: TodayPage });
const visit = createRoute({
  getParentRoute: () => root,
  path: "/visits/$appointmentId",
  component: lazyRouteComponent(() => import("#pwa/encounter/visit.page.tsx"), "VisitPage"),
});
const waiting = createRoute({
  getParentRoute: () => root,
  path: "/waiting",
  component: lazyRouteComponent(() => import("#pwa/outbox/waiting.page.tsx"), "WaitingPage"),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: lazyRouteComponent(() => import("#pwa/audit/audit.page.tsx"), "AuditPage"),
});
const devices = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  component: lazyRouteComponent(() => import("#pwa/device/devices.page.tsx"), "DevicesPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([today, visit, waiting, audit, devices]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
