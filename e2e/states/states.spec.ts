import { expect, type Locator, type Page, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, desktop, openBrowser, tablet } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { goTo, sheet } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";
import { Gate } from "./gate.ts";
import { type ScreenStates, screenStates, type Words, wordsOf } from "./states.ts";

/** What a browser says by itself when nobody answers. */
const silence = /Failed to fetch|when fetching the script/;

/** Every screen with nothing to show, with nothing yet, with a clinic that fails, and without the clinic. */
test.describe("empty, loading, failed, offline", () => {
  let practice: TestPractice;
  const open: Browser[] = [];

  test.beforeAll(async () => {
    practice = await TestPractice.start({ empty: true });
  });
  test.afterEach(async () => {
    for (const browser of open.splice(0)) {
      expect.soft(browser.complaints.filter((words) => !silence.test(words))).toEqual([]);
      await browser.close();
    }
  });
  test.afterAll(() => practice?.remove());

  const browserOf = async (viewport = tablet) => {
    const browser = await openBrowser({ viewport });
    open.push(browser);
    return browser;
  };

  const nobody = newId();
  const addressOf = ({ route, view }: ScreenStates) =>
    `${route.replace(/\$\w+/, nobody)}${view ? `?view=${view}` : ""}`;
  const main = (page: Page) => page.getByRole("main");
  const opening = (page: Page, { loading }: ScreenStates): Locator =>
    main(page).getByRole("status", { name: wordsOf(loading) ?? "", exact: true });
  const reads = (page: Page, words: string | RegExp) =>
    expect(main(page).getByText(words, { exact: true }).first()).toBeVisible();

  /** Heading and tools of a screen: they stand where they stand, whatever comes below them. */
  const toolsOf = (page: Page): Promise<Record<string, string>> =>
    main(page).evaluate((element) => {
      const heading = element.querySelector("h1");
      const tools = heading
        ? [heading, ...(heading.closest("header")?.querySelectorAll("button") ?? [])]
        : [];
      return Object.fromEntries(
        tools.map((one) => {
          const { x, y, height } = one.getBoundingClientRect();
          return [one.ariaLabel ?? one.textContent, `${x}, ${y}, ${height}`];
        }),
      );
    });

  const stays = async (page: Page, before: Record<string, string>, route: string) => {
    for (const [name, place] of Object.entries(before))
      await expect.soft
        .poll(async () => (await toolsOf(page))[name], { message: `${route}: ${name}`, timeout: 3000 })
        .toBe(place);
  };

  /** Those of a person that live from the tablet's store; the parts of a chart are one screen as long as it is not here. */
  const storeScreens = (routes: readonly string[]) =>
    screenStates.filter(({ route, view = "summary" }) => routes.includes(route) && view === "summary");

  /** Nobody's chart has no parts. */
  const emptyWords = ({ view, empty }: ScreenStates) =>
    view ? "This patient is not on this tablet" : wordsOf(empty);

  /** Goes to each of them: it says the words, nothing is on its way any more, and nothing moved. */
  const everyScreen = async (
    page: Page,
    places: ReadonlyMap<ScreenStates, Record<string, string>>,
    words: (screen: ScreenStates) => Words | null,
    first = async (_: ScreenStates): Promise<void> => {},
  ) => {
    for (const [screen, place] of places) {
      await goTo(page, addressOf(screen));
      await first(screen);
      const said = words(screen);
      if (said) await reads(page, said);
      await expect(opening(page, screen)).toHaveCount(0);
      await stays(page, place, screen.route);
    }
  };

  const firstSync: Readonly<Record<string, readonly string[]>> = {
    clinician: ["/", "/visits/$appointmentId", "/patients/$patientId/chart", "/tasks", "/day-close"],
    frontdesk: ["/board", "/board/sheet", "/wait-list", "/patients", "/patients/$patientId"],
    admin: ["/practice"],
    it: ["/devices"],
  };

  for (const [name, routes] of Object.entries(firstSync))
    test(`${name}: nothing is called empty before the clinic has told everything`, async () => {
      const { page, context } = await browserOf(name === "clinician" ? tablet : desktop);
      const screens = storeScreens(routes);
      await page.clock.install();
      const pull = await Gate.at(page, "/api/sync/pull");
      pull.set("held");
      await signIn(page, practice.url, name);
      const places = new Map<ScreenStates, Record<string, string>>();
      for (const [index, screen] of screens.entries()) {
        const before = screens[index - 1];
        await goTo(page, addressOf(screen));
        await expect(opening(page, screen).first()).toBeVisible();
        // Two screens that open with the same words: it has to be the second one's.
        if (before && wordsOf(before.loading) === wordsOf(screen.loading))
          await expect.poll(() => toolsOf(page)).not.toEqual(places.get(before));
        const empty = wordsOf(screen.empty);
        if (empty) await expect(main(page).getByText(empty, { exact: true })).toHaveCount(0);
        places.set(screen, await toolsOf(page));
      }
      pull.set("broken");
      await everyScreen(
        page,
        places,
        ({ error }) => wordsOf(error),
        async (screen) => {
          await expect(opening(page, screen).first()).toBeVisible();
          await page.clock.fastForward(10_000);
        },
      );
      pull.set("refused");
      await context.setOffline(true);
      await page.clock.fastForward(60_000);
      await expect(page.getByRole("link", { name: /^Offline since/ })).toBeVisible();
      await everyScreen(
        page,
        places,
        ({ offline }) => wordsOf(offline),
        () => page.clock.fastForward(1000),
      );
      pull.set("held");
      await context.setOffline(false);
      await page.clock.fastForward(60_000);
      await page.clock.setSystemTime(new Date()); // the clinic's answers find a clock that is right
      pull.set("open");
      await expect(page.getByText("All saved to the clinic")).toBeVisible();
      await everyScreen(page, places, emptyWords);
      await context.setOffline(true);
      await expect(page.getByRole("link", { name: /^Offline since/ })).toBeVisible();
      await everyScreen(page, places, emptyWords, async ({ route }) => {
        if (route === "/board/sheet") await reads(page, /^As this device knew it without the clinic, /);
      });
    });

  const askingScreens: Readonly<Record<string, readonly string[]>> = {
    admin: ["/people", "/approvals"],
    security: ["/tokens"],
    it: ["/sync-dashboard"],
    privacy: ["/audit"],
    clinician: ["/review"],
    frontdesk: ["/review"],
  };

  /** How a screen that asks comes to have nothing; people and the dashboard always have whoever looks at them. */
  const showsNothing: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    "/approvals": (page) => reads(page, "Nothing waits for a second person"),
    "/review": (page) => reads(page, "Nothing waits for review"),
    "/tokens": async (page) => {
      // The trial's own AI node has a token, so the clinic never says this here.
      const none = (url: URL) => url.pathname === "/api/tokens";
      await page.route(none, (route) => route.fulfill({ json: { tokens: [] } }));
      await goTo(page, "/waiting");
      await goTo(page, "/tokens");
      await reads(page, "No program has a token");
      await page.unroute(none);
    },
    "/audit": async (page) => {
      await page.getByLabel("Outcome").selectOption("error");
      await reads(page, "Nothing matches");
    },
  };

  for (const [name, routes] of Object.entries(askingScreens))
    test(`${name}: what only the clinic knows is opened, fails, is tried again, and keeps what it showed`, async () => {
      const { page, context } = await browserOf(desktop);
      await signIn(page, practice.url, name);
      for (const screen of screenStates.filter(({ route }) => routes.includes(route))) {
        if (screen.from === "tablet") throw new Error(`${screen.route} asks nothing`);
        const gate = await Gate.at(page, screen.from.clinic);
        await goTo(page, "/waiting");
        await expect(page.getByText("Everything is at the clinic")).toBeVisible();
        gate.set("held");
        await goTo(page, screen.route);
        await expect(opening(page, screen)).toBeVisible();
        const places = await toolsOf(page);
        expect(Object.keys(places).length).toBeGreaterThan(0);
        gate.set("refused");
        const alert = main(page).getByRole("alert");
        await expect(alert).toContainText(wordsOf(screen.offline)!);
        await expect(alert).toContainText("The clinic does not answer. Check the Wi-Fi and try again.");
        await stays(page, places, screen.route);
        gate.set("broken");
        await alert.getByRole("button", { name: "Try again" }).click();
        await expect(alert).toContainText(wordsOf(screen.error)!);
        await expect(alert).toContainText("Something went wrong at the clinic. Your work is kept.");
        await expect(alert).toContainText("internal_error");
        await stays(page, places, screen.route);
        gate.set("open");
        await alert.getByRole("button", { name: "Try again" }).click();
        await expect(alert).toHaveCount(0);
        await expect(opening(page, screen)).toHaveCount(0);
        await expect(main(page).getByText(/^As of \d/)).toBeVisible();
        await stays(page, places, screen.route);
        await showsNothing[screen.route]?.(page);
        await context.setOffline(true);
        await expect(main(page).getByText(/^Offline since \d.*, shown as of \d/)).toBeVisible();
        await expect(alert).toHaveCount(0);
        await stays(page, places, screen.route);
        await context.setOffline(false);
        await expect(main(page).getByText(/^As of \d/)).toBeVisible();
      }
    });

  test("devices: the list stands while the clinic does not say who used them", async () => {
    const { page } = await browserOf(desktop);
    await signIn(page, practice.url, "it");
    const gate = await Gate.at(page, "/api/devices");
    gate.set("held");
    await goTo(page, "/devices");
    const row = page.getByRole("row").filter({ hasText: "Enrolled" }).last();
    await expect(row).toBeVisible();
    // From the heading: a tap on what lies below the edge of the window scrolls.
    const placeOf = async () => {
      const heading = await main(page).getByRole("heading", { level: 1 }).boundingBox();
      const box = await row.boundingBox();
      return { y: (box?.y ?? 0) - (heading?.y ?? 0), height: box?.height };
    };
    const place = await placeOf();
    gate.set("broken");
    await expect(
      main(page).getByText(/^Who used them last.*Something went wrong at the clinic/),
    ).toBeVisible();
    expect(await placeOf()).toEqual(place);
    gate.set("open");
    await main(page).getByRole("button", { name: "Try again" }).click();
    await expect(row).toContainText("Lucas Moreau");
    expect(await placeOf()).toEqual(place);
  });

  test("devices: who holds times is loading, failed, and there when the clinic answers", async () => {
    const { page } = await browserOf(desktop);
    await signIn(page, practice.url, "it");
    const gate = await Gate.at(page, "/api/devices/held-times");
    gate.set("held");
    await goTo(page, "/devices");
    const section = main(page).getByRole("region", { name: "Times held for promising offline" });
    await expect(section.getByRole("status", { name: "Held times are being opened" })).toBeVisible();
    gate.set("broken");
    await expect(
      section.getByText(/known to the clinic only.*Something went wrong at the clinic/),
    ).toBeVisible();
    gate.set("open");
    await section.getByRole("button", { name: "Try again" }).click();
    await expect(section.getByText("No desk holds times now.").or(section.getByRole("table"))).toBeVisible();
  });

  test("what was typed stays when the clinic fails, and goes when it answers", async () => {
    const { page, context } = await browserOf(desktop);
    await signIn(page, practice.url, "admin");
    await goTo(page, "/people");
    await page.getByRole("button", { name: "Add a person" }).click();
    const gate = await Gate.at(page, "/api/users");
    const name = sheet(page).getByRole("textbox").first();
    for (const field of await sheet(page).getByRole("textbox").all()) await field.fill("typed.once");
    for (const [passage, words] of [
      ["broken", "Something went wrong at the clinic. Your work is kept."],
      ["refused", "The clinic does not answer. Check the Wi-Fi and try again."],
    ] as const) {
      gate.set(passage);
      await sheet(page).locator("button[type=submit]").click();
      await expect(sheet(page).getByRole("alert")).toContainText(words);
      await expect(name).toHaveValue("typed.once");
    }
    gate.set("open");
    await sheet(page).locator("button[type=submit]").click();
    await expect(sheet(page).getByRole("alert")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await goTo(page, "/patients/new");
    await page.getByLabel("Given name").fill("Typed");
    await context.setOffline(true);
    await expect(page.getByRole("link", { name: /^Offline since/ })).toBeVisible();
    await expect(page.getByLabel("Given name")).toHaveValue("Typed");
    await context.setOffline(false);
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await expect(page.getByLabel("Given name")).toHaveValue("Typed");
  });

  test("a chart on its way, away, and here with nothing in it", async () => {
    const desk = await Program.signIn(practice.url, "frontdesk");
    const [first, patientId] = [await desk.registers("Flora"), await desk.registers("Nora")];
    const charts = screenStates.filter(({ view }) => view !== undefined);
    const { page, context } = await browserOf();
    const pull = await Gate.at(page, "/api/sync/pull");
    await signIn(page, practice.url, "clinician");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    for (const { view } of charts) await goTo(page, `/patients/${first}/chart?view=${view}`); // fetches their code
    await expect(main(page).getByText("Nothing to show")).toBeVisible();
    pull.set("held");
    const says = async (bar: string | null, words: (screen: ScreenStates) => string | RegExp) => {
      for (const screen of charts) {
        await goTo(page, `/patients/${patientId}/chart?view=${screen.view}`);
        const tab = page.getByRole("tabpanel");
        if (bar) await expect(tab.getByText(bar, { exact: true })).toBeVisible();
        await expect(tab.getByText(words(screen), { exact: true }).first()).toBeVisible();
      }
    };
    await says("The chart is on its way", () => "Not on this tablet");
    pull.set("refused");
    await context.setOffline(true);
    await says("This chart is not on this tablet", () => "Not on this tablet");
    pull.set("open");
    await context.setOffline(false);
    await expect(page.getByText("This chart is not on this tablet")).toHaveCount(0);
    await says(null, ({ empty }) => wordsOf(empty)!);
    await goTo(page, `/patients/${patientId}`);
    await reads(page, "None booked.");
  });

  test("the desk sees nothing clinical, whatever state the clinic is in", async () => {
    const nurse = await Program.signIn(practice.url, "nurse");
    const desk = await Program.signIn(practice.url, "frontdesk");
    const patientId = await desk.registers("Olga");
    const facts = { id: newId(), patientId, encounterId: null, substance: "Trialcillin" };
    expect(await nurse.does("allergy.add", facts)).toBe("applied");
    const { page, context } = await browserOf(desktop);
    const pull = await Gate.at(page, "/api/sync/pull");
    const access = await Gate.at(page, "/api/access");
    pull.set("held");
    await signIn(page, practice.url, "frontdesk");
    // What seals a report is on the tablet from here on, with the rest of the application.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const closed = async (words: RegExp) => {
      for (const address of [`/patients/${patientId}/chart`, `/visits/${nobody}`]) {
        await goTo(page, "/patients");
        await goTo(page, address);
        await expect(main(page).getByRole("alert")).toContainText("Your role does not open this");
        await expect(main(page).getByRole("alert")).toContainText(words);
        await expect(page.locator("body")).not.toContainText("Trialcillin");
        expect(await page.title()).not.toMatch(/Trialcillin|Olga/);
      }
    };
    await closed(/number \d+/);
    access.set("held");
    await closed(/is being recorded/);
    access.set("open");
    pull.set("broken");
    await closed(/number \d+/);
    pull.set("open");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await goTo(page, "/patients");
    await expect(main(page).getByRole("link", { name: /Olga/ })).toBeVisible();
    await closed(/number \d+/);
    await context.setOffline(true);
    await closed(/The clinic does not answer now/);
  });
});
