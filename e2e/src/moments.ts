import type { Locator, Page } from '@playwright/test';

/** When the page had the whole answer to its next call of a method, by its own clock, in epoch milliseconds. */
export async function answerTo(page: Page, method: string): Promise<number> {
  const response = await page.waitForResponse((each) => each.url().endsWith(`/${method}`));
  await response.finished();
  return page.evaluate((url) => {
    const last = performance.getEntriesByName(url).at(-1);
    if (!(last instanceof PerformanceResourceTiming)) throw new Error(`the page has no timing of ${url}`);
    return performance.timeOrigin + last.responseEnd;
  }, response.url());
}

/** When a text first stands in the page's list, to the frame, in epoch milliseconds. */
export const whenDrawn = (page: Page, text: string) => whenGridHas(page, text, true);

/** When a text no longer stands in the page's list. */
export const whenGone = (page: Page, text: string) => whenGridHas(page, text, false);

function whenGridHas(page: Page, text: string, isThere: boolean): Promise<number> {
  return page.evaluate(
    ([wanted, there]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const grid = document.querySelector('[role="grid"]');
          if (grid?.textContent?.includes(wanted) === there) resolve(performance.timeOrigin + performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    [text, isThere] as const,
  );
}

/** A point of the page, in CSS pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Lets the pointer rest on the middle of something, and tells where that is. */
export async function restOn(target: Locator): Promise<Point> {
  await target.hover();
  const box = await target.boundingBox();
  if (!box) throw new Error('what the pointer is to rest on is not drawn');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Presses a point of the page as soon as a row that holds a text is drawn there, before anybody could have seen it. The pointer itself does not move. */
export function pressWhenThere(page: Page, text: string, point: Point): Promise<void> {
  return page.evaluate(
    ([wanted, { x, y }]) =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          const target = document.elementFromPoint(x, y);
          if (!target?.closest('[role="row"]')?.textContent?.includes(wanted)) return;
          observer.disconnect();
          target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 }));
          resolve();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      }),
    [text, point] as const,
  );
}
