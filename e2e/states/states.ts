import type { ChartView } from "../../pwa/src/chart/chart-view.ts";

/** Why a state cannot occur on a screen. */
export interface Never {
  readonly never: string;
}

/** What a person reads in a state. */
export type Words = string | RegExp;

/** What each screen says when it has nothing, not yet, not now, or only what it had. */
export interface ScreenStates {
  /** As it stands in the router; an id in it is one that nobody has. */
  readonly route: string;
  readonly view?: ChartView;
  /**
   * Whence it has what it shows: the tablet's own store, which the clinic fills once and then keeps; or the answer of this
   * address, asked for while the screen is open.
   */
  readonly from: "tablet" | { readonly clinic: string };
  readonly empty: Words | Never;
  /** What is said to people who listen while the grey rows stand there. */
  readonly loading: Words | Never;
  readonly error: Words | Never;
  /** Before anything was there to show. What was shown once stays, and says of when it is. */
  readonly offline: Words | Never;
}

/** The store: until the clinic has told everything once, nothing is called empty. */
const store = {
  from: "tablet",
  error: "Could not be loaded yet",
  offline: "Not on this tablet yet",
} as const;

const answerOf = (clinic: string) =>
  ({ from: { clinic }, error: "Could not be loaded", offline: "This needs the clinic" }) as const;

/** Every route of pwa/src/app/router.tsx; scripts/screen-states.test.ts finds one that is missing. */
export const screenStates: readonly ScreenStates[] = [
  { ...store, route: "/", empty: "No visits today", loading: "Today's visits are being opened" },
  {
    ...store,
    route: "/visits/$appointmentId",
    empty: "This visit is not on this tablet",
    loading: "The visit is being opened",
  },
  {
    ...store,
    route: "/patients/$patientId/chart",
    view: "summary",
    empty: "Not asked yet",
    loading: "The chart is being opened",
  },
  {
    ...store,
    route: "/patients/$patientId/chart",
    view: "notes",
    empty: "No notes",
    loading: "The chart is being opened",
  },
  {
    ...store,
    route: "/patients/$patientId/chart",
    view: "vitals",
    empty: "No vital signs to show",
    loading: "The chart is being opened",
  },
  {
    ...store,
    route: "/patients/$patientId/chart",
    view: "timeline",
    empty: "Nothing to show",
    loading: "The chart is being opened",
  },
  { ...store, route: "/tasks", empty: "Nothing to do", loading: "Tasks are being opened" },
  {
    route: "/waiting",
    from: "tablet",
    empty: "Everything is at the clinic",
    loading: { never: "the queue is read when the tablet is unlocked" },
    error: { never: "what the clinic refused is a row of its own, with the reason" },
    offline: "Nothing on this tablet is waiting to be sent.",
  },
  {
    ...store,
    route: "/day-close",
    empty: "No visits of yours today",
    loading: "Your visits of today are being opened",
  },
  {
    ...answerOf("/api/quarantine"),
    route: "/review",
    empty: "Nothing waits for review",
    loading: "What waits for review is being opened",
  },
  {
    ...answerOf("/api/emergency-access"),
    route: "/emergency-access",
    empty: "Nobody needed it",
    loading: "Emergency accesses are being opened",
  },
  {
    ...answerOf("/api/break-glass"),
    route: "/break-glass",
    empty: "Nobody broke the glass",
    loading: "Opened charts are being fetched",
  },
  {
    ...store,
    route: "/board",
    empty: /^Nothing is booked on this day\. Choose/,
    loading: "The day is being opened",
  },
  {
    ...store,
    route: "/board/sheet",
    empty: "Nothing is booked on this day.",
    loading: "The day is being opened",
  },
  { ...store, route: "/wait-list", empty: "Nobody is waiting", loading: "The wait list is being opened" },
  { ...store, route: "/patients", empty: "No patients yet", loading: "Patients are being opened" },
  {
    ...store,
    route: "/patients/$patientId",
    empty: "This patient is not on this tablet",
    loading: "The patient is being opened",
  },
  {
    route: "/patients/new",
    from: "tablet",
    empty: { never: "it is a form" },
    loading: { never: "it is a form" },
    error: { never: "a registration is saved on this tablet and sent from there" },
    offline: { never: "a registration is saved on this tablet and sent from there" },
  },
  {
    ...store,
    route: "/practice",
    empty: { never: "a practice is set up with visit types, rooms and hours" },
    loading: "Working hours are being opened",
  },
  {
    ...answerOf("/api/account"),
    route: "/you",
    empty: "No passkeys yet",
    loading: "Your account is being opened",
  },
  {
    ...answerOf("/api/users"),
    route: "/people",
    empty: { never: "whoever reads it is in it" },
    loading: "People are being opened",
  },
  {
    ...answerOf("/api/approvals"),
    route: "/approvals",
    empty: "Nothing waits for a second person",
    loading: "Approvals are being opened",
  },
  {
    ...answerOf("/api/set-up/standing"),
    route: "/set-up",
    empty: { never: "both offices and what is measured always stand there" },
    loading: "The set-up is being opened",
  },
  {
    ...answerOf("/api/tokens"),
    route: "/tokens",
    empty: "No program has a token",
    loading: "Tokens are being opened",
  },
  {
    ...store,
    route: "/devices",
    empty: { never: "the device that shows it is in it" },
    loading: "Devices are being opened",
  },
  {
    ...answerOf("/api/operations/dashboard"),
    route: "/sync-dashboard",
    empty: { never: "the device that shows it is in it" },
    loading: "The dashboard is being opened",
  },
  {
    ...answerOf("/api/audit"),
    route: "/audit",
    empty: "Nothing matches",
    loading: "The log is being opened",
  },
];

/** The words of a state that can occur. */
export const wordsOf = (state: Words | Never): Words | null =>
  typeof state === "string" || state instanceof RegExp ? state : null;
