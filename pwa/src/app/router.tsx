import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { TodayPage } from "#pwa/appointment/today.page.tsx";
import { chartViewOf } from "#pwa/chart/chart-view.ts";
import { Failed } from "./failed.tsx";
import { lazyPart } from "./lazy-part.tsx";
import { NotFound } from "./not-found.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const today = createRoute({ getParentRoute: () => root, path: "/", component: TodayPage });
const visit = createRoute({
  getParentRoute: () => root,
  path: "/visits/$appointmentId",
  component: lazyPart(() => import("#pwa/encounter/visit.page.tsx").then((module) => module.VisitPage)),
});
const chart = createRoute({
  getParentRoute: () => root,
  path: "/patients/$patientId/chart",
  validateSearch: chartViewOf,
  component: lazyPart(() => import("#pwa/chart/chart.page.tsx").then((module) => module.ChartPage)),
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: "/tasks",
  component: lazyPart(() => import("#pwa/task/tasks.page.tsx").then((module) => module.TasksPage)),
});
const waiting = createRoute({
  getParentRoute: () => root,
  path: "/waiting",
  component: lazyPart(() => import("#pwa/outbox/waiting.page.tsx").then((module) => module.WaitingPage)),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: lazyPart(() => import("#pwa/audit/audit.page.tsx").then((module) => module.AuditPage)),
});
const devices = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  component: lazyPart(() => import("#pwa/device/devices.page.tsx").then((module) => module.DevicesPage)),
});

export const router = createRouter({
  routeTree: root.addChildren([today, visit, chart, tasks, waiting, audit, devices]),
  defaultPreload: "intent",
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
