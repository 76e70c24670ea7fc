import type { Locator, Page } from "@playwright/test";

/**
 * A person's hands on the page, counted: a tap, a key with a meaning, a field that is filled and a drag are one
 * interaction each. Tests state how many a piece of work may take.
 */
export class Hands {
  readonly #page: Page;
  #count = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  get count(): number {
    return this.#count;
  }

  /** Begins a piece of work. */
  begin(): void {
    this.#count = 0;
  }

  async tap(target: Locator): Promise<void> {
    this.#count += 1;
    await target.click();
  }

  /** Words into the field that has the focus, or into the given one: one interaction either way. */
  async type(words: string, field?: Locator): Promise<void> {
    this.#count += 1;
    if (field) await field.click();
    await this.#page.keyboard.type(words);
  }

  async press(key: string): Promise<void> {
    this.#count += 1;
    await this.#page.keyboard.press(key);
  }

  /** From the middle (or a given point) of one thing to the middle of another, in steps as a hand moves. */
  async drag(
    from: Locator,
    to: Locator,
    {
      at = {},
      shift = 0,
      drop = true,
    }: { at?: { x?: number; y?: number }; shift?: number; drop?: boolean } = {},
  ): Promise<void> {
    this.#count += 1;
    const box = await from.boundingBox();
    if (!box) throw new Error("nothing to drag");
    // Brings it into sight and waits until it stands still and nothing lies over the place that is pressed.
    await from.hover({ position: { x: at.x ?? box.width / 2, y: at.y ?? box.height / 2 } });
    const end = await to.boundingBox();
    if (!end) throw new Error("nowhere to drag it to");
    const { mouse } = this.#page;
    await mouse.down();
    await mouse.move(end.x + end.width / 2, end.y + end.height / 2 + shift, { steps: 25 });
    await this.#page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    if (drop) await mouse.up();
  }

  /** Prints what a piece of work took, for people who read the run. */
  report(work: string, most: number): void {
    console.warn(`interactions: ${work}: ${this.#count} (at most ${most})`);
  }
}
