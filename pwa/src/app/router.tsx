import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { chartViewOf } from "#pwa/chart/chart-view.ts";
import { fetchRecording, fetchRunningBar } from "#pwa/recording/index.ts";
import { Failed } from "./failed.tsx";
import { FinderShortcut } from "./finder-shortcut.tsx";
import { Home } from "./home.tsx";
import { lazyPart } from "./lazy-part.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({
  component: () => (
    <>
      <Shell />
      <FinderShortcut />
    </>
  ),
  notFoundComponent: lazyPart(() => import("./not-found.tsx").then((module) => module.NotFound)),
});

const today = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const visit = createRoute({
  getParentRoute: () => root,
  path: "/visits/$appointmentId",
  // Whoever has the screen can record: its code comes with it.
  component: lazyPart(async () => {
    const [{ VisitPage }] = await Promise.all([
      import("#pwa/encounter/visit.page.tsx"),
      fetchRecording(),
      fetchRunningBar(),
    ]);
    return VisitPage;
  }),
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
const dayClose = createRoute({
  getParentRoute: () => root,
  path: "/day-close",
  component: lazyPart(() =>
    import("#pwa/day-close/day-close.page.tsx").then((module) => module.DayClosePage),
  ),
});
const emergencyReview = createRoute({
  getParentRoute: () => root,
  path: "/emergency-access",
  component: lazyPart(() =>
    import("#pwa/emergency-access/review.page.tsx").then((module) => module.EmergencyReviewPage),
  ),
});
const glassReview = createRoute({
  getParentRoute: () => root,
  path: "/break-glass",
  component: lazyPart(() =>
    import("#pwa/break-glass/review.page.tsx").then((module) => module.GlassReviewPage),
  ),
});
const review = createRoute({
  getParentRoute: () => root,
  path: "/review",
  component: lazyPart(() => import("#pwa/review/review.page.tsx").then((module) => module.ReviewPage)),
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
/** Ids and a date, nothing else, may stand in an address. */
const text = (value: unknown, pattern: RegExp) =>
  typeof value === "string" && pattern.test(value) ? value : undefined;
const daySearch = (search: Record<string, unknown>): { day?: string | undefined } => ({
  day: text(search.day, /^\d{4}-\d\d-\d\d$/),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/board",
  validateSearch: (
    search: Record<string, unknown>,
  ): { day?: string | undefined; open?: string | undefined; book?: string | undefined } => ({
    ...daySearch(search),
    open: text(search.open, /^[0-9a-f-]{36}$/),
    book: text(search.book, /^[0-9a-f-]{36}$/),
  }),
  component: lazyPart(() =>
    import("#pwa/appointment/board/board.page.tsx").then((module) => module.BoardPage),
  ),
});
const daySheet = createRoute({
  getParentRoute: () => root,
  path: "/board/sheet",
  validateSearch: daySearch,
  component: lazyPart(() =>
    import("#pwa/appointment/board/day-sheet.page.tsx").then((module) => module.DaySheetPage),
  ),
});
const patients = createRoute({
  getParentRoute: () => root,
  path: "/patients",
  component: lazyPart(() => import("#pwa/patient/patients.page.tsx").then((module) => module.PatientsPage)),
});
const registration = createRoute({
  getParentRoute: () => root,
  path: "/patients/new",
  component: lazyPart(() =>
    import("#pwa/patient/registration.page.tsx").then((module) => module.RegistrationPage),
  ),
});
const patient = createRoute({
  getParentRoute: () => root,
  path: "/patients/$patientId",
  component: lazyPart(() => import("#pwa/patient/patient.page.tsx").then((module) => module.PatientPage)),
});
const waitList = createRoute({
  getParentRoute: () => root,
  path: "/wait-list",
  component: lazyPart(() =>
    import("#pwa/wait-list/wait-list.page.tsx").then((module) => module.WaitListPage),
  ),
});
const practice = createRoute({
  getParentRoute: () => root,
  path: "/practice",
  component: lazyPart(() =>
    import("#pwa/working-hours/practice.page.tsx").then((module) => module.PracticePage),
  ),
});
const you = createRoute({
  getParentRoute: () => root,
  path: "/you",
  component: lazyPart(() => import("#pwa/session/you.page.tsx").then((module) => module.YouPage)),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/set-up",
  component: lazyPart(() => import("#pwa/set-up/set-up.page.tsx").then((module) => module.SetUpPage)),
});

export const router = createRouter({
  routeTree: root.addChildren([
    today,
    visit,
    chart,
    tasks,
    waiting,
    dayClose,
    review,
    emergencyReview,
    glassReview,
    audit,
    devices,
    board,
    daySheet,
    patients,
    registration,
    patient,
    waitList,
    practice,
    approvals,
    users,
    tokens,
    dashboard,
    you,
    setUp,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
