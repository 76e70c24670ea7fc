import type { Page, Route } from "@playwright/test";

/** What becomes of requests on their way to the clinic. */
export type Passage = "open" | "held" | "broken" | "refused";

const problem = JSON.stringify({ type: "about:blank", status: 500, code: "internal_error" });

/** Stands between a page and some addresses of the clinic. What is held goes on as soon as it may. */
export class Gate {
  #passage: Passage = "open";
  #waiting: (() => void)[] = [];

  static async at(page: Page, address: string): Promise<Gate> {
    const gate = new Gate();
    await page.route(
      (url) => url.pathname === address,
      (route) => gate.#pass(route),
    );
    return gate;
  }

  set(passage: Passage): void {
    this.#passage = passage;
    for (const go of this.#waiting.splice(0)) go();
  }

  async #pass(route: Route): Promise<void> {
    while (this.#passage === "held") await new Promise<void>((go) => this.#waiting.push(go));
    const passed = {
      open: () => route.continue(),
      broken: () => route.fulfill({ status: 500, contentType: "application/problem+json", body: problem }),
      refused: () => route.abort("connectionrefused"),
    }[this.#passage];
    await passed().catch(() => {}); // nobody waits for it any more
  }
}
