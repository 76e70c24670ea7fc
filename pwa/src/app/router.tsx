import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { Failed } from "./failed.tsx";
import { Home } from "./home.tsx";
import { lazyPart } from "./lazy-part.tsx";
import { NotFound } from "./not-found.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const today = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const visit = createRoute({
  getParentRoute: () => root,
  path: "/visits/$appointmentId",
  component: lazyPart(() => import("#pwa/encounter/visit.page.tsx").then((module) => module.VisitPage)),
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

const approvals = createRoute({
  getParentRoute: () => root,
  path: "/approvals",
  component: lazyPart(() =>
    import("#pwa/approval/approvals.page.tsx").then((module) => module.ApprovalsPage),
  ),
});
const users = createRoute({
  getParentRoute: () => root,
  path: "/people",
  component: lazyPart(() => import("#pwa/staff/users.page.tsx").then((module) => module.UsersPage)),
});
const tokens = createRoute({
  getParentRoute: () => root,
  path: "/tokens",
  component: lazyPart(() => import("#pwa/token/tokens.page.tsx").then((module) => module.TokensPage)),
});
const dashboard = createRoute({
  getParentRoute: () => root,
  path: "/sync-dashboard",
  component: lazyPart(() =>
    import("#pwa/sync-dashboard/sync-dashboard.page.tsx").then((module) => module.SyncDashboardPage),
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([today, visit, waiting, audit, devices, approvals, users, tokens, dashboard]),
  defaultPreload: "intent",
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
