import type { Page } from "@playwright/test";
import { type ChartView, chartViews } from "../../pwa/src/chart/chart-view.ts";
import { goTo } from "../pages/chart.ts";
import { visitOf } from "../pages/today.ts";

/** A screen of the router, and how a person who may see it gets there. */
export interface Screen {
  /** As it stands in the router. */
  readonly route: string;
  readonly view?: ChartView;
  /** The login of the trial practice. */
  readonly as: string;
  /** What is on it once it is there. */
  readonly shows: string | RegExp;
  /** Absent where the route is the address. */
  readonly open?: (page: Page) => Promise<void>;
}

const chartTabs = { summary: "Summary", notes: "Notes", vitals: "Trends", timeline: "Timeline" };

const patientOfTheDay = (page: Page) => visitOf(page, "Ana Trial-Lopez").click();

/** Every route of pwa/src/app/router.tsx; scripts/accessible-screens.test.ts finds one that is missing. */
export const screens: readonly Screen[] = [
  { route: "/", as: "clinician", shows: "Today" },
  { route: "/visits/$appointmentId", as: "clinician", shows: "Ana Trial-Lopez", open: patientOfTheDay },
  ...chartViews.map((view) => ({
    route: "/patients/$patientId/chart",
    view,
    as: "clinician",
    shows: "Ana Trial-Lopez",
    open: async (page: Page) => {
      const link = page.getByRole("link", { name: "Open chart" });
      if (await link.isVisible()) await link.click();
      await page.getByRole("tab", { name: chartTabs[view] }).click();
    },
  })),
  { route: "/tasks", as: "clinician", shows: "Tasks and messages" },
  { route: "/waiting", as: "clinician", shows: "Everything is at the clinic" },
  { route: "/day-close", as: "clinician", shows: "End of the day" },
  { route: "/review", as: "clinician", shows: "Waiting for review" },
  { route: "/emergency-access", as: "privacy", shows: "Emergency access" },
  { route: "/break-glass", as: "privacy", shows: "Broken glass" },
  { route: "/you", as: "clinician", shows: "Your account" },
  { route: "/board", as: "frontdesk", shows: /day, / },
  { route: "/board/sheet", as: "frontdesk", shows: /day, / },
  { route: "/wait-list", as: "frontdesk", shows: "Wait list" },
  { route: "/patients", as: "frontdesk", shows: "Patients" },
  {
    route: "/patients/$patientId",
    as: "frontdesk",
    shows: /./,
    open: async (page) => {
      await page.getByRole("main").getByRole("link").first().click();
      await page.getByRole("button", { name: "Change" }).click();
      await page.getByRole("button", { name: "Add a contact" }).click();
    },
  },
  { route: "/patients/new", as: "frontdesk", shows: "New patient" },
  { route: "/practice", as: "admin", shows: "Practice" },
  { route: "/people", as: "admin", shows: "People" },
  { route: "/approvals", as: "admin", shows: "Approvals" },
  { route: "/set-up", as: "admin", shows: "Setting up the practice" },
  { route: "/tokens", as: "security", shows: "Tokens" },
  { route: "/devices", as: "it", shows: "Devices" },
  { route: "/sync-dashboard", as: "it", shows: "Sync dashboard" },
  { route: "/audit", as: "privacy", shows: "Audit log" },
];

export const openScreen = (page: Page, { route, open }: Screen): Promise<void> =>
  open ? open(page) : goTo(page, route);
