import { expect, type Page, test } from "@playwright/test";
import { createRandom, type Random } from "../../sync-server/testing/simulation/random.ts";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { saved, signIn, trialPassword, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

test.describe.configure({ mode: "serial" });

const SCHEDULES = process.env.JAMEMR_FULL === "1" ? 50 : 2;
/** What befalls each tablet in one schedule. */
const TURNS = 4;
const minute = 60_000;

const actions = ["write", "write", "network", "kill", "stop-worker"] as const;

/** Somebody with a tablet of their own, who writes in one section of a note that three people share. */
class Writer {
  readonly section: string;
  /** Words that the tablet said were saved. */
  readonly words: string[] = [];
  readonly #username: string;
  #browser!: Browser;
  #address = "";
  #online = true;
  #count = 0;

  constructor(username: string, section: string) {
    this.#username = username;
    this.section = section;
  }

  get page(): Page {
    return this.#browser.page;
  }

  async begin(url: string): Promise<void> {
    this.#browser = await openBrowser();
    await signIn(this.page, url, this.#username);
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await visitOf(this.page, "Ana").click();
    await expect(this.#field()).toBeVisible();
    this.#address = this.page.url();
  }

  #field = (section = this.section) => this.page.getByRole("textbox", { name: section });

  async does(action: (typeof actions)[number], random: Random): Promise<void> {
    switch (action) {
      case "write":
        return this.#write(true);
      case "network":
        this.#online = !this.#online;
        return this.#browser.context.setOffline(!this.#online);
      case "kill":
        await this.#write(false);
        await this.page.waitForTimeout(random.below(900));
        return this.#reopen();
      case "stop-worker": {
        const session = await this.#browser.context.newCDPSession(this.page);
        await session.send("ServiceWorker.enable");
        await session.send("ServiceWorker.stopAllWorkers");
        return session.detach();
      }
    }
  }

  /** One word more; only what the tablet called saved has to be there later. */
  async #write(waits: boolean): Promise<void> {
    const word = `${this.#username}-${++this.#count}-end`;
    await this.#field().click();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(`${word} `);
    if (!waits) return;
    await expect(this.page.getByText(saved)).toBeVisible();
    this.words.push(word);
  }

  async #reopen(): Promise<void> {
    const { profile } = this.#browser;
    await this.#browser.kill();
    this.#browser = await openBrowser({ profile });
    await this.#browser.context.setOffline(!this.#online);
    await this.page.goto(this.#address);
    await unlock(this.page);
    await expect(this.#field()).toBeVisible();
    await this.#signInAgain();
  }

  /** A crash may have taken the proof of the session with it: whenever the clinic asks, the password is given. */
  async #signInAgain(): Promise<void> {
    const { page } = this;
    await page.addLocatorHandler(page.getByText(/asks for your password/), async () => {
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByLabel("Password", { exact: true }).fill(trialPassword);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
    });
  }

  async heal(): Promise<void> {
    this.#online = true;
    await this.#browser.context.setOffline(false);
    await expect(this.page.getByText("All saved to the clinic")).toBeVisible({ timeout: minute });
  }

  /** Everything that any of them was told is saved stands on this tablet, in its place: nobody else wrote there. */
  async sees(writers: readonly Writer[]): Promise<void> {
    for (const { section, words } of writers)
      for (const word of words) await expect(this.#field(section)).toContainText(word, { timeout: minute });
    await expect(this.page.getByText("Also written for this section")).toHaveCount(0);
  }

  async signs(): Promise<void> {
    await this.page.reload();
    await unlock(this.page);
    await this.page.getByRole("button", { name: "Review and sign" }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Sign", exact: true }).click();
    await expect(this.page.getByText("Signed and sealed")).toBeVisible({ timeout: minute });
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}

test.describe("three tablets", () => {
  let practice: TestPractice;
  const writers = [
    new Writer("clinician", "Subjective"),
    new Writer("nurse", "Exam"),
    new Writer("nurse2", "Plan"),
  ] as const;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    for (const writer of writers) await writer.begin(practice.url);
  });
  test.afterAll(async () => {
    for (const writer of writers) await writer.end();
    await practice?.remove();
  });

  for (let schedule = 1; schedule <= SCHEDULES; schedule++)
    test(`keep every saved word through cuts, killed browsers and stopped workers, schedule ${schedule}`, async () => {
      await Promise.all(
        writers.map(async (writer, index) => {
          const random = createRandom("schedule", schedule, index);
          for (let turn = 0; turn < TURNS; turn++) await writer.does(random.pick(actions), random);
        }),
      );
      for (const writer of writers) await writer.heal();
      for (const writer of writers) await writer.sees(writers);
    });

  test("and the clinician signs the words of all three", async () => {
    await writers[0].signs();
    const signed = writers[0].page.getByRole("article", { name: "Signed note" });
    for (const word of writers.flatMap(({ words }) => words)) await expect(signed).toContainText(word);
  });

  test("and the clinic's log is whole", async () => {
    expect((await practice.jamemr("audit", "verify")).code).toBe(0);
  });
});
