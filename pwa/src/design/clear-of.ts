import { every } from "#domain/kernel/clock.ts";

/** The main button of a page, form or dialog. */
const MAIN = "button[data-variant=filled], a[data-variant=filled]";
/** Pixels between what stands in front and the button below it. */
const GAP = 12;
/** Milliseconds between looks at what moves or appears by its style alone, which no event tells. */
const LOOK_EVERY = 500;

/**
 * Lifts an element that stands in front of the page until it covers no main button, also while the page scrolls or its
 * size changes. Where there is no room for that it stays as low as it was.
 * @returns ends it
 */
export function clearOf(element: HTMLElement): () => void {
  const lift = () => {
    element.style.translate = "";
    const home = element.getBoundingClientRect();
    let top = home.top;
    const buttons = [...document.querySelectorAll<HTMLElement>(MAIN)]
      .map((button) => button.getBoundingClientRect())
      .filter((button) => button.width > 0 && button.left < home.right && button.right > home.left)
      .sort((a, b) => b.bottom - a.bottom);
    for (const button of buttons)
      if (button.top < top + home.height + GAP && button.bottom > top - GAP)
        top = button.top - GAP - home.height;
    if (top > 0 && top < home.top) element.style.translate = `0 ${top - home.top}px`;
  };
  lift();
  const watched = new AbortController();
  const { signal } = watched;
  addEventListener("resize", lift, { signal });
  addEventListener("scroll", lift, { signal, capture: true, passive: true });
  // A dialog that opens, or a button that appears once something is filled in.
  const changes = new MutationObserver(lift);
  changes.observe(document.body, { childList: true, subtree: true });
  const end = every(LOOK_EVERY, lift);
  return () => {
    end();
    watched.abort();
    changes.disconnect();
  };
}
