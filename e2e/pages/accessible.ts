import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Fingers, gloves, hurry: no control on the tablet is smaller, in CSS pixels. */
const smallestTarget = 44;

/** WCAG 2.2 AA as far as a program can judge it, in both appearances, and the size of everything that is tapped. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    // The page is the same in the dark; only its colours are others.
    const judged = colorScheme === "light" ? axe.withTags(standards) : axe.withRules("color-contrast");
    const { violations } = await judged.analyze();
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(
        (node) => `${id}: ${node.target.join(" ")} (${node.failureSummary?.split("\n").pop()?.trim()})`,
      ),
    );
    expect.soft(found, `${screen}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  expect.soft(await smallTargets(page), `${screen}, sizes`).toEqual([]);
  expect.soft(await page.locator("h1, h2").count(), `${screen} has a heading`).toBeGreaterThan(0);
  await expect.soft(page.locator("main"), `${screen} has one main part`).toHaveCount(1);
}

/** Controls that are too small to be hit. Words inside running text are the exception that WCAG makes. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const controls = document.querySelectorAll<HTMLElement>(
      "a[href], button, input, select, textarea, [role=button], [role=textbox]",
    );
    const small: string[] = [];
    for (const control of controls) {
      // A tick is hit by its words, too.
      const ticked = control.matches("[type=checkbox], [type=radio]") ? control.closest("label") : null;
      const box = (ticked ?? control).getBoundingClientRect();
      const shown = control.checkVisibility({ visibilityProperty: true }) && box.right > 0;
      const inText = getComputedStyle(control).display === "inline";
      if (!shown || inText || (box.width >= least && box.height >= least)) continue;
      const name = control.ariaLabel || control.textContent?.trim() || control.getAttribute("name");
      small.push(`${control.tagName.toLowerCase()} "${name}": ${box.width} × ${box.height}`);
    }
    return small;
  }, smallestTarget);
}

/**
 * Presses Tab until the control has the focus, as somebody without a mouse does. Every stop on the way must be seen: it
 * shows its focus, and nothing covers it.
 */
export async function tabTo(page: Page, control: Locator, most = 60): Promise<void> {
  for (let i = 0; i < most; i++) {
    if (await control.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) return null;
      const name = `${element.tagName.toLowerCase()} "${element.ariaLabel || element.textContent?.trim().slice(0, 40)}"`;
      const { outlineStyle, boxShadow, borderColor } = getComputedStyle(element);
      if (outlineStyle === "none" && boxShadow === "none" && element.tagName !== "INPUT")
        return `${name} does not show its focus (${borderColor})`;
      const { left, top, width, height } = element.getBoundingClientRect();
      const at = document.elementFromPoint(left + width / 2, top + height / 2);
      const seen = at && (element.contains(at) || at.contains(element));
      return seen ? null : `${name} is covered`;
    });
    expect.soft(hidden).toBeNull();
  }
  throw new Error("Tab does not reach the control");
}
